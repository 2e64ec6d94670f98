"""The training jobs of a tuning job, and how good they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.jobs.job import ENDED, Job

FINAL = "FinalHyperParameterTuningJobObjectiveMetric"
_COUNTED = {"InProgress": "InProgress", "Stopping": "InProgress", "Completed": "Completed", "Stopped": "Stopped"}
_OF_AWS = "InternalServerError"


@dataclass(frozen=True)
class Objective:
    """What is tuned: a metric, and whether it is to be as large as possible."""

    metric: str
    maximise: bool

    @classmethod
    def of(cls, request: JsonObject) -> "Objective":
        """Return the objective of a request."""
        given = request["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"]
        return cls(given["MetricName"], given["Type"] == "Maximize")

    def cost(self, value: float) -> float:
        """Return a number that is lower the better a value is."""
        return -value if self.maximise else value


@dataclass(frozen=True)
class Trial:
    """A training job, and the hyperparameters that were chosen for it."""

    job: Job
    values: dict[str, str]
    tuning: str
    objective: Objective

    @property
    def value(self) -> float | None:
        """The objective's last value, if the job printed one and did not fail."""
        if self.job.status not in ENDED - {"Failed"}:
            return None
        metrics = self.job.result.get("FinalMetricDataList", [])
        return next((metric["Value"] for metric in metrics if metric["MetricName"] == self.objective.metric), None)

    @property
    def objective_status(self) -> str:
        """Pending, Succeeded or Failed."""
        if self.job.status not in ENDED:
            return "Pending"
        return "Failed" if self.value is None else "Succeeded"

    @property
    def status(self) -> str:
        """Which of the counters of a tuning job counts it."""
        if self.job.status in _COUNTED:
            return _COUNTED[self.job.status]
        reason = self.job.result.get("FailureReason", "")
        return "RetryableError" if reason.startswith(_OF_AWS) else "NonRetryableError"

    def summary(self) -> JsonObject:
        """Return its item in the answer of ListTrainingJobsForHyperParameterTuningJob."""
        described = self.job.describe()
        members = ("TrainingJobName", "TrainingJobArn", "CreationTime", "TrainingJobStatus")
        optional = ("TrainingStartTime", "TrainingEndTime", "FailureReason")
        final = {"Type": "Maximize" if self.objective.maximise else "Minimize", "MetricName": self.objective.metric}
        measured = {} if self.value is None else {FINAL: {**final, "Value": self.value}}
        return {
            **{member: described[member] for member in (*members, *optional) if member in described},
            "TuningJobName": self.tuning,
            "TunedHyperParameters": self.values,
            "ObjectiveStatus": self.objective_status,
            **measured,
        }


def best(trials: Iterable[Trial]) -> Trial | None:
    """Return the trial with the best objective, the earliest of several, or None if no trial has one."""
    found = [(trial.objective.cost(trial.value), trial) for trial in trials if trial.value is not None]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def counters(trials: Sequence[Trial]) -> JsonObject:
    """Return the counters of a tuning job's description."""
    statuses = ("Completed", "InProgress", "RetryableError", "NonRetryableError", "Stopped")
    objectives = ("Succeeded", "Pending", "Failed")
    return {
        "TrainingJobStatusCounters": {name: sum(one.status == name for one in trials) for name in statuses},
        "ObjectiveStatusCounters": {name: sum(one.objective_status == name for one in trials) for name in objectives},
    }
