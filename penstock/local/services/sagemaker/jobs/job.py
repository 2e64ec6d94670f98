"""A job: what was asked for, and how far it has come."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.context import Context

ENDED = frozenset({"Completed", "Failed", "Stopped"})
_LONGEST_REASON = 1024
_WORD = re.compile("[A-Z][a-z]+")
_CUT_OFF = "InternalServerError: the local cloud ended while the job ran"


@dataclass(frozen=True)
class JobKind:
    """What the kinds of job differ in: their names, and AWS's words."""

    word: str  # Training, Processing, Transform, HyperParameterTuning
    order: str = "Ascending"  # in which they are listed, and by what
    by: str = "CreationTime"
    taken: str = "Job name must be unique within an AWS account and region, and a job with this name already exists"
    missing: str = "Could not find requested job with name: {name}"
    missing_code: str = "ValidationException"

    @property
    def noun(self) -> str:
        """What its members are named after: TrainingJobName, TrainingJobStatus."""
        return f"{self.word}Job"

    @property
    def arn_kind(self) -> str:
        """What its ARNs have before the name: training-job."""
        return f"{'-'.join(self._words).lower()}-job"

    @property
    def event(self) -> str:
        """What its events are of: Training Job."""
        return f"{''.join(self._words[:-1])} {self._words[-1]} Job".lstrip()

    @property
    def fault(self) -> str:
        """The word for it in a plan of faults: training."""
        return self._words[-1].lower()

    @property
    def log_group(self) -> str:
        """Where its programs log to, and the namespace of their metrics."""
        return f"/aws/sagemaker/{self.word}Jobs"

    @property
    def _words(self) -> list[str]:
        return _WORD.findall(self.word)


class Job:
    """The state of one job; every method holds the service's lock for a moment. The store keeps it."""

    first: ClassVar[str] = "InProgress"
    # Stage → the status that it is in.
    stages: ClassVar[Mapping[str, str]] = {
        "InProgress": "InProgress",
        "Stopping": "Stopping",
        **{ended: ended for ended in ENDED},
        "MaxRuntimeExceeded": "Stopped",
    }

    def __init__(self, context: Context, kind: JobKind, request: JsonObject, record: JsonObject | None = None) -> None:
        """Begin a job, or take up one that `record` tells of: if it was under way when its cloud ended, it failed."""
        self.context = context
        self.kind = kind
        self.request = request
        self.name: str = request[f"{kind.noun}Name"]
        self.arn = context.arn(kind.arn_kind, self.name)
        self.stopping = threading.Event()
        now = context.clock.now()
        self._state: JsonObject = record or {"stage": "", "created": now, "modified": now, "result": {}}
        if record is not None and self.status not in ENDED:
            self.enter("Failed", _CUT_OFF)

    @property
    def status(self) -> str:
        """InProgress, Stopping, or how it ended."""
        with self.context.lock:
            return self.stages[self._state["stage"]]

    def open(self) -> None:
        """Enter the first stage."""
        self.enter(self.first)

    def begin(self) -> None:
        """Note that the job's own time begins."""
        with self.context.lock:
            self._state["result"][f"{self.kind.word}StartTime"] = self.context.clock.now()

    def stop(self) -> None:
        """Ask the job to stop."""
        with self.context.lock:
            self.enter("Stopping")
            self.stopping.set()

    def enter(self, stage: str, reason: str = "") -> bool:
        """Go on to a stage; `reason` says why a job has failed.

        Returns: whether it did; a job that is to stop makes no progress.
        """
        with self.context.lock:
            now = self.context.clock.now()
            if self.stopping.is_set() and self.stages[stage] == "InProgress":
                return False
            self._state |= {"stage": stage, "modified": now}
            if reason:
                self._state["result"]["FailureReason"] = reason[:_LONGEST_REASON]
            if self.stages[stage] in ENDED and f"{self.kind.word}StartTime" in self._state["result"]:
                self._state["result"][f"{self.kind.word}EndTime"] = now
            self._entered(stage, now)
            self._keep()
            self.context.publish(self.kind.event, self.arn, self.describe())
            return True

    @property
    def result(self) -> JsonObject:
        """What the job has come to know."""
        with self.context.lock:
            return dict(self._state["result"])

    def found(self, **members: object) -> None:
        """Keep what the job has come to know: members of its description."""
        with self.context.lock:
            self._state["result"] |= members
            if self._state["stage"]:
                self._keep()

    def describe(self) -> JsonObject:
        """Return the answer of the Describe operation."""
        with self.context.lock:
            return {
                **{name: value for name, value in self.request.items() if name != "Tags"},
                **self._state["result"],
                **self._now(),
            }

    def summary(self) -> JsonObject:
        """Return the job's item in the answer of the List operation."""
        with self.context.lock:
            shown = (f"{self.kind.word}EndTime", "FailureReason")
            found = {name: value for name, value in self._state["result"].items() if name in shown}
            return {f"{self.kind.noun}Name": self.name, **self._now(), "LastModifiedTime": self._modified, **found}

    @property
    def _modified(self) -> datetime:
        modified: datetime = self._state["modified"]
        return modified

    def _keep(self) -> None:
        record = {"request": self.request, "state": self._state}
        self.context.store.put(f"sagemaker-{self.kind.arn_kind}", self.name, record)

    def _entered(self, stage: str, now: datetime) -> None:
        """Note what else a stage brings."""

    def _now(self) -> JsonObject:
        return {
            f"{self.kind.noun}Arn": self.arn,
            f"{self.kind.noun}Status": self.status,
            "CreationTime": self._state["created"],
        }
