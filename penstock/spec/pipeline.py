"""The models of pipeline.yaml. Each key's description is its documentation, in editors and in docs/pipeline.md."""

from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from penstock.spec.fields import Line, Name, Section
from penstock.spec.instances import instance_types

Problem = Literal["regression", "binary", "multiclass"]
Scalar = str | int | float | bool


def _scalar(value: object) -> object:
    """Refuse what is no hyperparameter in one error, where a union would give one for each of its types."""
    if not isinstance(value, Scalar) or (isinstance(value, float) and not isfinite(value)):
        raise PydanticCustomError("scalar", "not a single value")
    return value


def _list_training(schema: dict[str, Any]) -> None:
    schema["enum"] = list(instance_types("training"))


def _list_hosting(schema: dict[str, Any]) -> None:
    schema["enum"] = list(instance_types("hosting"))


class Split(Section):
    """How the rows are divided into a training part and a held-out test part."""

    method: Literal["hash", "random", "ordered"] = Field(
        default="hash",
        description="hash: by a hash of the key columns, so that a row stays in its part from run to run; "
        "random: shuffled by the seed; ordered: the last rows are held out.",
    )
    test: float = Field(default=0.1, gt=0, lt=1, description="The share of the rows that is held out, between 0 and 1.")
    seed: int = Field(default=0, ge=0, le=2**32 - 1, description="Another seed gives another split (hash and random).")
    key: tuple[Line, ...] = Field(
        default=(), description="The columns that tell rows apart (hash only); without them the whole row does."
    )


class Data(Section):
    """The data that the model learns from."""

    format: Literal["csv"] = Field(default="csv", description="The files' format: CSV with a header, in UTF-8.")
    target: Line = Field(description="The column to predict.")
    columns: Mapping[Line, Literal["number", "category"]] | None = Field(
        default=None,
        min_length=1,
        description="The columns to learn from, each with its type, number or category; "
        "without it the container infers them.",
    )
    minimum_rows: int = Field(default=100, ge=2, description="Fewer rows than this fail the run.")
    split: Split = Field(default=Split(), description="How the test part is held out.")


class Train(Section):
    """The training job."""

    container: Name = Field(description="The folder of containers/ whose programs train and serve the model.")
    hyperparameters: Mapping[Line, Annotated[Scalar, BeforeValidator(_scalar)]] = Field(
        default={},
        description="What the container's train program is given, each a single value; it receives them as text.",
    )
    instance_type: str = Field(
        default="ml.m5.xlarge",
        json_schema_extra=_list_training,
        description="The SageMaker instance type that trains.",
    )
    volume_gb: int = Field(default=30, ge=1, le=16_384, description="The size of its disk, in GB.")
    max_runtime_minutes: int = Field(
        default=60,
        ge=1,
        le=28 * 24 * 60,
        description="Training is stopped after this time, in minutes (28 days at most).",
    )


class Gate(Section):
    """What the metrics must be for the model to be deployed."""

    metric: str = Field(
        description="The metric of the held-out rows that decides; which there are depends on the problem."
    )
    at_most: float | None = Field(
        default=None, description="Deploy only if the metric is this or less; give this or at_least."
    )
    at_least: float | None = Field(
        default=None, description="Deploy only if the metric is this or more; give this or at_most."
    )


class Deploy(Section):
    """The endpoint."""

    instance_type: str = Field(
        default="ml.m5.large",
        json_schema_extra=_list_hosting,
        description="The SageMaker instance type that serves.",
    )
    instance_count: int = Field(default=1, ge=1, description="How many instances serve.")


class SmokeTest(Section):
    """Rows that a new endpoint must answer for the run to succeed."""

    file: Line = Field(
        description="A CSV file in the pipeline's folder: the header and a few raw rows, without the target column."
    )
    minimum: float | None = Field(default=None, description="No prediction may be less (regression only).")
    maximum: float | None = Field(default=None, description="No prediction may be more (regression only).")


class Alarms(Section):
    """When the endpoint's alarms go off."""

    latency_p99_ms: float = Field(
        default=200,
        gt=0,
        le=60_000,  # after 60 s SageMaker gives up on the container
        description="The alarm's threshold for the slowest 1 % of requests, in milliseconds.",
    )
    errors_percent: float = Field(
        default=1, gt=0, le=100, description="The alarm's threshold for requests answered with a 5xx error, in percent."
    )


class PipelineFile(Section):
    """pipeline.yaml: one SageMaker pipeline."""

    name: Name = Field(
        max_length=24, description="The pipeline's name, the same as its folder's; 24 characters at most."
    )
    problem: Problem = Field(description="What is predicted: a number, one of two classes, or one of several classes.")
    data: Data = Field(description="The data that the model learns from.")
    train: Train = Field(description="The training job.")
    gate: Gate | None = Field(
        default=None, description="What the metrics must be for the model to be deployed; without it every model is."
    )
    deploy: Deploy = Field(default=Deploy(), description="The endpoint.")
    smoke_test: SmokeTest = Field(description="Rows that a new endpoint must answer for the run to succeed.")
    alarms: Alarms = Field(default=Alarms(), description="When the endpoint's alarms go off.")
    timeout_minutes: int = Field(
        default=180,
        ge=2,
        le=365 * 24 * 60,
        description="The whole run is stopped after this time, in minutes; more than train.max_runtime_minutes.",
    )


class Pipeline(PipelineFile):
    """A pipeline: what its pipeline.yaml says, its folder, and the lines of its smoke file, the header first."""

    folder: Path
    smoke_rows: tuple[str, ...]
