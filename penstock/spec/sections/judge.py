"""How a model is judged, and what it must be like to be deployed."""

from pydantic import Field

from penstock.spec.fields import Section
from penstock.spec.values import Minutes, Volume, lists


class Evaluate(Section):
    """The processing job that judges the new model, and the champion, on rows that neither was trained on."""

    instance_type: str = Field(
        default="ml.m5.large",
        json_schema_extra=lists("processing"),
        description="The SageMaker instance type that evaluates.",
    )
    volume_gb: Volume = Field(default=30, description="The size of its disk, in GB.")
    max_runtime_minutes: Minutes = Field(default=60, description="Evaluation is stopped after this time, in minutes.")
    confidence: float = Field(
        default=0.95,
        gt=0.5,
        lt=1,
        description="How sure the interval of the difference to the champion is, between 0.5 and 1.",
    )
    resamples: int = Field(
        default=1000, ge=100, le=100_000, description="How many times the rows are drawn again for that interval."
    )
    positive_rate: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="Report the score above which this share of the rows lies, between 0 and 1 (binary, anomaly).",
    )


class VersusChampion(Section):
    """How the new model must compare with the one that serves."""

    no_worse_than_percent: float = Field(
        ge=-100,
        le=1000,
        description="The upper end of the interval of how much worse it is than the champion may be this at most, in "
        "percent of the champion's metric; negative: it must be better by that.",
    )


class Gate(Section):
    """What the metrics must be for the model to be deployed."""

    metric: str = Field(description="The metric of the test rows that decides; which there are depends on the problem.")
    at_most: float | None = Field(default=None, description="Deploy only if the metric is this or less.")
    at_least: float | None = Field(default=None, description="Deploy only if the metric is this or more.")
    versus_champion: VersusChampion | None = Field(
        default=None, description="Deploy only if the metric compares so with the model that serves, if any."
    )
