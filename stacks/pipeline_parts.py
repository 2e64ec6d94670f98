"""What the steps of a pipeline's state machine are made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from penstock.spec import Pipeline
from penstock_constructs.alarm import Alarm
from penstock_constructs.steps.step import Machine
from stacks.pipeline_hooks import PipelineHooks
from stacks.pipeline_jobs import PipelineJobs
from stacks.platform import PlatformStack


@dataclass(frozen=True)
class Parts:
    """The parts; `alarms` are those of the endpoint, of which a batch pipeline has none."""

    spec: Pipeline
    platform: PlatformStack
    machine: Machine
    hooks: PipelineHooks
    jobs: PipelineJobs
    alarms: Sequence[Alarm]
    poll_seconds: str
