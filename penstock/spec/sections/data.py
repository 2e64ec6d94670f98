"""The data that a pipeline learns from."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from penstock.spec.fields import Line, Section


class Split(Section):
    """How the rows are divided into a part to train on, one to validate on and one to test on."""

    method: Literal["hash", "random", "ordered"] = Field(
        default="hash",
        description="hash: by a hash of the key columns, so that a row stays in its part from run to run; "
        "random: shuffled by the seed; ordered: the last rows are tested on, those before them validated on.",
    )
    validation: float = Field(
        default=0.1,
        ge=0,
        lt=1,
        description="The share of the rows that training judges its own progress on, from 0 to 1; 0: none.",
    )
    test: float = Field(
        default=0.1,
        gt=0,
        lt=1,
        description="The share of the rows that training never sees, and the gate judges on, between 0 and 1.",
    )
    seed: int = Field(default=0, ge=0, le=2**32 - 1, description="Another seed gives another split (hash and random).")
    key: tuple[Line, ...] = Field(
        default=(), description="The columns that tell rows apart (hash only); without them the whole row does."
    )


class Data(Section):
    """The data that the model learns from."""

    format: Literal["csv"] = Field(default="csv", description="The files' format: CSV with a header, in UTF-8.")
    target: Line | None = Field(
        default=None, description="The column to predict; optional for clustering and anomaly problems."
    )
    columns: Mapping[Line, Literal["number", "category"]] | None = Field(
        default=None,
        min_length=1,
        description="The columns to learn from, each with its type, number or category; "
        "without it the container infers them.",
    )
    minimum_rows: int = Field(default=100, ge=2, description="Fewer rows than this fail the run.")
    split: Split = Field(default=Split(), description="How the rows are divided for training, validation and test.")
