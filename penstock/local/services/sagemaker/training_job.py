"""A training job: what was asked for, and how far it has come."""

import math
import threading
from datetime import UTC, datetime

from penstock.local.service import JsonObject

ENDED = frozenset({"Completed", "Failed", "Stopped"})
# Secondary status → the status it belongs to, and AWS's message for it.
_STATUSES = {
    "Starting": ("InProgress", "Preparing the instances for training"),
    "Downloading": ("InProgress", "Downloading input data"),
    "Training": ("InProgress", "Training image download completed. Training in progress."),
    "Uploading": ("InProgress", "Uploading generated training model"),
    "Stopping": ("Stopping", "Stopping the training job"),
    "Completed": ("Completed", "Training job completed"),
    "Failed": ("Failed", "Training job failed"),
    "Stopped": ("Stopped", "Training job stopped"),
    "MaxRuntimeExceeded": ("Stopped", "Training job runtime exceeded MaxRuntimeInSeconds provided"),
}
_LONGEST_REASON = 1024


class TrainingJob:
    """The state of one job; every method holds the service's lock for a moment."""

    def __init__(self, request: JsonObject, arn: str, lock: threading.RLock) -> None:
        self.request = request
        self.name: str = request["TrainingJobName"]
        self.arn = arn
        self.stopping = threading.Event()
        self._lock = lock
        self._created = _now()
        self._transitions: list[JsonObject] = []
        self._result: JsonObject = {}
        self.enter("Starting")

    @property
    def artefacts(self) -> str:
        """Where the model goes."""
        return f"{self.request['OutputDataConfig']['S3OutputPath'].rstrip('/')}/{self.name}/output/model.tar.gz"

    @property
    def status(self) -> str:
        """InProgress, Stopping, or how it ended."""
        with self._lock:
            return _STATUSES[self._transitions[-1]["Status"]][0]

    def stop(self) -> None:
        """Ask the job to stop."""
        with self._lock:
            self.enter("Stopping")
            self.stopping.set()

    def enter(self, secondary: str, reason: str = "") -> bool:
        """Go on to a secondary status; `reason` says why a job has failed.

        Returns: whether it did; a job that is to stop makes no progress.
        """
        with self._lock:
            now = _now()
            if self.stopping.is_set() and _STATUSES[secondary][0] == "InProgress":
                return False
            if self._transitions:
                self._transitions[-1]["EndTime"] = now
            status, message = _STATUSES[secondary]
            self._transitions.append({"Status": secondary, "StartTime": now, "StatusMessage": message})
            if secondary == "Downloading":
                self._result["TrainingStartTime"] = now
            if reason:
                self._result["FailureReason"] = reason[:_LONGEST_REASON]
            if status in ENDED:
                self._transitions[-1]["EndTime"] = now
                self._end(now)
            return True

    def measured(self, metrics: list[JsonObject]) -> None:
        """Keep the metrics that the program has printed."""
        with self._lock:
            if metrics:
                self._result["FinalMetricDataList"] = metrics

    def describe(self) -> JsonObject:
        """Return the answer of DescribeTrainingJob."""
        with self._lock:
            return {
                **{name: value for name, value in self.request.items() if name != "Tags"},
                **self._result,
                **self._now(),
                "ModelArtifacts": {"S3ModelArtifacts": self.artefacts},
                "SecondaryStatusTransitions": [dict(transition) for transition in self._transitions],
            }

    def summary(self) -> JsonObject:
        """Return the job's item in the answer of ListTrainingJobs."""
        with self._lock:
            end = {name: value for name, value in self._result.items() if name == "TrainingEndTime"}
            return {"TrainingJobName": self.name, **self._now(), **end}

    def _now(self) -> JsonObject:
        last = self._transitions[-1]
        return {
            "TrainingJobArn": self.arn,
            "TrainingJobStatus": self.status,
            "SecondaryStatus": last["Status"],
            "CreationTime": self._created,
            "LastModifiedTime": last["StartTime"],
        }

    def _end(self, now: datetime) -> None:
        started = self._result.get("TrainingStartTime")
        if started is not None:
            seconds = math.ceil((now - started).total_seconds())
            self._result |= {
                "TrainingEndTime": now,
                "TrainingTimeInSeconds": seconds,
                "BillableTimeInSeconds": seconds,
            }


def _now() -> datetime:
    return datetime.now(UTC)
