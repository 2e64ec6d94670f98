"""The model of pipeline.yaml, made of its sections."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from penstock.spec.fields import Name, Section
from penstock.spec.sections.check import Check
from penstock.spec.sections.data import Data
from penstock.spec.sections.deploy import Deploy
from penstock.spec.sections.judge import Evaluate, Gate
from penstock.spec.sections.process import Process
from penstock.spec.sections.serving import Alarms, SmokeTest
from penstock.spec.sections.train import Train
from penstock.spec.sections.tune import Tune

Problem = Literal["regression", "binary", "multiclass", "clustering", "anomaly"]


class PipelineFile(Section):
    """pipeline.yaml: one SageMaker pipeline."""

    name: Name = Field(
        max_length=24, description="The pipeline's name, the same as its folder's; 24 characters at most."
    )
    problem: Problem = Field(
        description="What is predicted: a number, one of two classes, one of several; a cluster; how odd a row is."
    )
    data: Data = Field(description="The data that the model learns from.")
    check: Check = Field(default=Check(), description="What the data must be like for the run to go on to training.")
    process: Process = Field(default=Process(), description="How the data are made ready and divided.")
    tune: Tune | None = Field(
        default=None, description="The search for hyperparameters; without it one model is trained."
    )
    train: Train = Field(description="The training job; when tuning, each of them.")
    evaluate: Evaluate = Field(default=Evaluate(), description="How the model is judged.")
    gate: Gate | None = Field(
        default=None, description="What the metrics must be for the model to be deployed; without it every model is."
    )
    approval: Literal["none", "manual"] = Field(
        default="none", description="Whether someone must approve a model that passed the gate: none or manual."
    )
    approval_timeout_hours: int = Field(
        default=72, ge=1, le=8_000, description="With manual approval: without an answer in this time it is rejected."
    )
    lock: Literal["wait", "supersede"] = Field(
        default="wait",
        description="What a run does while another deploys: wait for its turn; "
        "or supersede, the same, but a newer run takes the place of those that still wait.",
    )
    deploy: Deploy = Field(default=Deploy(), description="What the model is deployed to.")
    smoke_test: SmokeTest | None = Field(
        default=None,
        description="Rows that a new endpoint must answer for the run to succeed; optional for batch only.",
    )
    alarms: Alarms = Field(default=Alarms(), description="When the endpoint's alarms go off.")
    timeout_minutes: int = Field(
        default=180,
        ge=2,
        le=365 * 24 * 60,
        description="The whole run is stopped after this time, in minutes; more than any of its steps may take.",
    )


class Pipeline(PipelineFile):
    """A pipeline: what its pipeline.yaml says, its folder, and what it found there.

    `smoke_rows` are the lines of the smoke file, the header first; `script` is the path of the user's process.py.
    """

    folder: Path
    smoke_rows: tuple[str, ...] = ()
    script: Path | None = None
