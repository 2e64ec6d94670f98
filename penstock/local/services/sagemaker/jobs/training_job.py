"""A training job: a job that tells of each of its stages."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.jobs.job import ENDED, Job, JobKind
from penstock.local.services.sagemaker.jobs.warm_pools import warm_pool

TRAINING = JobKind(
    "Training",
    taken=(
        "Training job names must be unique within an AWS account and region, and a training job with this name already"
        " exists"
    ),
    missing="Requested resource not found.",
)
_MESSAGES = {
    "Starting": "Preparing the instances for training",
    "Downloading": "Downloading input data",
    "Training": "Training image download completed. Training in progress.",
    "Uploading": "Uploading generated training model",
    "Stopping": "Stopping the training job",
    "Completed": "Training job completed",
    "Failed": "Training job failed",
    "Stopped": "Training job stopped",
    "MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds provided",
    "MaxWaitTimeExceeded": "Training job runtime exceeded MaxWaitTimeInSeconds provided",
    "Interrupted": "Training job was interrupted: its spot instances were taken back",
    "Restarting": "Restarting the training job after an internal error",
}


class TrainingJob(Job):
    """The state of one training job; its stages are AWS's secondary statuses."""

    first: ClassVar[str] = "Starting"
    stages: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(
            ("Starting", "Downloading", "Training", "Uploading", "Interrupted", "Restarting"), "InProgress"
        ),
        **Job.stages,
        "MaxWaitTimeExceeded": "Stopped",
    }

    def __init__(self, context: Context, request: JsonObject, record: JsonObject | None = None) -> None:
        super().__init__(context, TRAINING, request, record)

    @property
    def artefacts(self) -> str:
        """Where the model goes."""
        return f"{self.request['OutputDataConfig']['S3OutputPath'].rstrip('/')}/{self.name}/output/model.tar.gz"

    def describe(self) -> JsonObject:
        """Return the answer of DescribeTrainingJob."""
        with self.context.lock:
            pool = warm_pool(self, self.context.clock.now())
            return {
                **super().describe(),
                **({"WarmPoolStatus": pool} if pool else {}),
                "LastModifiedTime": self._modified,
                "ModelArtifacts": {"S3ModelArtifacts": self.artefacts},
                "SecondaryStatusTransitions": [dict(transition) for transition in self._state["transitions"]],
            }

    def _entered(self, stage: str, now: datetime) -> None:
        transitions = self._state.setdefault("transitions", [])
        if transitions:
            transitions[-1]["EndTime"] = now
        transitions.append({"Status": stage, "StartTime": now, "StatusMessage": _MESSAGES[stage]})
        result = self._state["result"]
        if self.stages[stage] in ENDED:
            transitions[-1]["EndTime"] = now
            if "TrainingStartTime" in result:
                seconds = math.ceil((now - result["TrainingStartTime"]).total_seconds())
                result |= {"TrainingTimeInSeconds": seconds, "BillableTimeInSeconds": seconds}

    def _now(self) -> JsonObject:
        return super()._now() | {"SecondaryStatus": self._state["stage"]}
