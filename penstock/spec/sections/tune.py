"""The search for hyperparameters."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from penstock.spec.fields import TUNING_JOB, Line, Section
from penstock.spec.values import Number, Scalar

MAX_JOBS, MAX_PARALLEL_JOBS, MAX_PARENTS = 750, 100, 5  # SageMaker's limits


class Range(Section):
    """What is tried for one hyperparameter: numbers from minimum to maximum, or a list of values."""

    type: Literal["integer", "continuous", "categorical"] = Field(
        description="integer or continuous, with minimum and maximum; or categorical, with values."
    )
    minimum: Number | None = Field(default=None, description="The least that is tried.")
    maximum: Number | None = Field(default=None, description="The most that is tried.")
    scale: Literal["auto", "linear", "logarithmic", "reverse_logarithmic"] = Field(
        default="auto",
        description="How the numbers between are spread: auto, linear, logarithmic, reverse_logarithmic.",
    )
    values: tuple[Scalar, ...] = Field(
        default=(), max_length=30, description="The values to try, 30 at most (categorical)."
    )


class WarmStart(Section):
    """Earlier tuning jobs that the search learns from."""

    from_: tuple[Annotated[str, Field(pattern=TUNING_JOB)], ...] = Field(
        alias="from", min_length=1, max_length=MAX_PARENTS, description="The names of one to five earlier tuning jobs."
    )
    kind: Literal["identical_data_and_algorithm", "transfer_learning"] = Field(
        default="transfer_learning",
        description="identical_data_and_algorithm: only ranges may differ; transfer_learning: data and container too.",
    )


class Tune(Section):
    """The search for hyperparameters: many training jobs, the best of which goes on."""

    strategy: Literal["bayesian", "random", "grid", "hyperband"] = Field(
        default="bayesian", description="How the next values are chosen: bayesian, random, grid (all) or hyperband."
    )
    metric: str | None = Field(
        default=None,
        description="The metric of the validation part that decides which job is best; by default the primary one.",
    )
    ranges: Mapping[Line, Range] = Field(
        min_length=1, max_length=30, description="The hyperparameters that are searched, each with its range."
    )
    max_jobs: int = Field(
        default=10,
        ge=1,
        le=MAX_JOBS,
        description="How many training jobs in all; not for grid, which tries all values.",
    )
    max_parallel_jobs: int = Field(
        default=2, ge=1, le=MAX_PARALLEL_JOBS, description="How many of them at a time, max_jobs at most."
    )
    early_stopping: bool = Field(
        default=False, description="Stop jobs that will not be the best; hyperband does so by itself."
    )
    warm_start: WarmStart | None = Field(default=None, description="Earlier tuning jobs that the search learns from.")
    max_runtime_minutes: int = Field(
        default=120, ge=2, le=30 * 24 * 60, description="The whole search is stopped after this time, in minutes."
    )
