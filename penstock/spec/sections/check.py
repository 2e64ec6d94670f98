"""What the data must be like for a run to go on to training."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from penstock.spec.fields import Line, Section
from penstock.spec.values import Minutes, NoneWord, Number, Percent, Scalar, Volume, lists


class Drift(Section):
    """How far the data may be from those that the champion was trained on."""

    maximum_psi: float = Field(
        default=0.25, gt=0, description="The largest population stability index that a column may have."
    )


class ColumnCheck(Section):
    """What one column must be like."""

    maximum_empty_percent: Percent | None = Field(
        default=None, description="The share of its cells that may be empty, in percent; else that of all columns."
    )
    minimum: Number | None = Field(default=None, description="No number in it may be less.")
    maximum: Number | None = Field(default=None, description="No number in it may be more.")
    values: tuple[Scalar, ...] | None = Field(
        default=None, min_length=1, description="The categories that it may have, beside empty cells."
    )
    new_values: Literal["allow", "refuse"] | None = Field(
        default=None,
        description="Whether categories that are not in values, or without those not in the champion's data, stop the "
        "run: allow or refuse; by default refuse where values are given.",
    )
    drift: Literal["none"] | None = Field(
        default=None, description="none: it may be anywhere from the champion's data, as what grows with time is."
    )


def _or_the_word_none(schema: dict[str, Any]) -> None:
    schema["anyOf"] = [option for option in schema["anyOf"] if option != {"type": "null"}] + [{"const": "none"}]


class Check(Section):
    """The check of the data, a processing job before training."""

    maximum_empty_percent: Percent = Field(
        default=100, description="The share of a column's cells that may be empty, in percent."
    )
    drift: Annotated[Drift | None, NoneWord] = Field(
        default=Drift(),
        json_schema_extra=_or_the_word_none,
        description="How far the data may be from those that the champion was trained on; or none.",
    )
    columns: Mapping[Line, ColumnCheck] = Field(default={}, description="What single columns must be like, by name.")
    instance_type: str = Field(
        default="ml.m5.large",
        json_schema_extra=lists("processing"),
        description="The SageMaker instance type that checks.",
    )
    volume_gb: Volume = Field(default=30, description="The size of its disk, in GB.")
    max_runtime_minutes: Minutes = Field(default=60, description="The check is stopped after this time, in minutes.")
