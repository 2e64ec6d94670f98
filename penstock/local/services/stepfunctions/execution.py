"""One execution of a state machine."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType

from penstock.local.clock import iso
from penstock.local.service import AwsError, JsonObject
from penstock.local.services.stepfunctions import failures
from penstock.local.services.stepfunctions.attempt import Attempt
from penstock.local.services.stepfunctions.history import Entry, History, Writer
from penstock.local.services.stepfunctions.kept import Kept
from penstock.local.services.stepfunctions.measures import Measures
from penstock.local.services.stepfunctions.plan import Plan
from penstock.local.services.stepfunctions.redrivable import obstacle
from penstock.local.services.stepfunctions.resumption import Resumption
from penstock.local.services.stepfunctions.shapes import milliseconds
from penstock.local.services.stepfunctions.surroundings import Surroundings
from penstock.local.services.stepfunctions.views import status_change

_STATUS = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionAborted": "ABORTED",
    "ExecutionTimedOut": "TIMED_OUT",
}
CUT_OFF = "LocalCloud.Ended"
_KEPT = ("name", "input", "started", "status", "stopped", "output", "error", "cause", "redrives", "redriven")


class Execution:
    """An execution: its status follows from the event that ended it."""

    def __init__(
        self, *, plan: Plan, name: str, text: str, around: Surroundings, entries: list[Entry] | None = None
    ) -> None:
        """Begin a new one, which start() starts, or with `entries` one that was."""
        self.plan = plan
        self.name = name
        self.arn = f"{plan.machine_arn.replace(':stateMachine:', ':execution:')}:{name}"
        self.input = text
        self.started = milliseconds(around.clock.now())
        self.status = "RUNNING"
        self.stopped: datetime | None = None
        self.output: str | None = None
        self.error: str | None = None
        self.cause: str | None = None
        self.redrives = 0
        self.redriven: datetime | None = None
        self._redrive_token: str | None = None
        self._around = around
        self._kept = Kept(around.store)
        self._measures = Measures(around.metrics, plan.machine_arn)
        observers = [self._keep, self._measures.take, lambda entry: around.delivery.log(self, entry)]
        self.history = History(entries=entries or [], clock=around.clock, observers=observers)
        self._attempt: Attempt | None = None

    @classmethod
    def restored(cls, record: JsonObject, entries: list[Entry], around: Surroundings) -> "Execution":
        """Return an execution as it was kept; one that ran when its cloud ended has then failed."""
        execution = cls(
            plan=Plan(**record["plan"]), name=record["name"], text=record["input"], around=around, entries=entries
        )
        for name in _KEPT:
            setattr(execution, name, record[name])
        return execution

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._save()
        self._measures.add("ExecutionsStarted")
        self._around.publish(status_change(self))
        details = {"input": self.input, "inputDetails": {"truncated": False}, "roleArn": self.plan.role_arn}
        self._begin(None, HistoryEventType.ExecutionStarted, details)

    def redrive(self, token: str | None) -> None:
        """Go on where it did not succeed; the same token again is the same redrive.

        Raises:
            AwsError: ExecutionNotRedrivable.
        """
        with self.history.lock:
            if token is not None and token == self._redrive_token:
                return
            if reason := self.obstacle():
                raise AwsError("ExecutionNotRedrivable", f"{reason}: '{self.arn}'")
            self._redrive_token = token
            # What branches have given does not fit: they are asked again.
            resumption = Resumption(self.history.entries, anew=self.error == failures.DATA_LIMIT_EXCEEDED)
            self.redrives += 1
            self.redriven = milliseconds(self._around.clock.now())
            self.stopped = self.output = self.error = self.cause = None
            self.status = "RUNNING"
            self._save()
        self._around.publish(status_change(self))
        self._begin(resumption, HistoryEventType.ExecutionRedriven, {"redriveCount": self.redrives})

    def obstacle(self) -> str | None:
        """Return why it cannot be redriven, or None."""
        return obstacle(
            status=self.status,
            started=self.started,
            stopped=self.stopped,
            events=len(self.history.entries),
            now=self._around.clock.now(),
        )

    def stop(self, error: str | None, cause: str | None) -> None:
        """Abort."""
        if self._attempt is not None:
            self._attempt.stop(error, cause)

    def abandon(self) -> None:
        """End without a trace: the cloud is closing."""
        if self._attempt is not None:
            self._attempt.abandon()

    def forget(self) -> None:
        """Keep nothing of it any more."""
        self._kept.forget(self.arn)

    def cut_off(self) -> None:
        """Fail, because the cloud that it ran in was ended."""
        place = Resumption(self.history.entries, anew=False).place(())
        where = f"at state '{place.state}'" if place is not None and place.state is not None else "between two states"
        cause = f"The local cloud was ended while this execution was {where}."
        details = {"executionFailedEventDetails": {"error": CUT_OFF, "cause": cause}}
        Writer(self.history, self._ended).add_event(
            _End(self.history.entries), HistoryEventType.ExecutionFailed, details
        )

    def _begin(self, resumption: Resumption | None, kind: Any, details: JsonObject) -> None:
        self._attempt = Attempt(
            plan=self.plan,
            context=self._context(),
            history=self.history,
            around=self._around,
            ended=self._ended,
            resumption=resumption,
        )
        self._attempt.start(kind, details)

    def _context(self) -> JsonObject:
        execution = {
            "Id": self.arn,
            "Input": json.loads(self.input),
            "Name": self.name,
            "RoleArn": self.plan.role_arn,
            "StartTime": iso(self.started),
        }
        if self.redriven is not None:
            execution |= {"RedriveCount": self.redrives, "RedriveTime": iso(self.redriven)}
        return {
            "Execution": execution,
            "StateMachine": {"Id": self.plan.machine_arn, "Name": self.plan.machine_name},
        }

    def _keep(self, entry: Entry) -> None:
        self._kept.entry(self.arn, entry)

    def _ended(self, event: JsonObject) -> None:
        kind = event["type"]
        details = event.get(f"{kind[0].lower()}{kind[1:]}EventDetails", {})
        self.stopped = event["timestamp"]
        self.output, self.error, self.cause = (details.get(key) for key in ("output", "error", "cause"))
        self.status = _STATUS[kind]  # last: whoever sees it sees all of the above
        self._save()
        self._measures.ended(self.status, event["timestamp"] - (self.redriven or self.started))
        self._around.publish(status_change(self))
        self._around.delivery.trace(self)

    def record(self) -> JsonObject:
        """Return what is kept of it, beside its events."""
        return {"plan": self.plan.record()} | {name: getattr(self, name) for name in _KEPT}

    def _save(self) -> None:
        self._kept.record(self.arn, self.record())


class _End:
    """Where the event that ends an execution from outside is put: after the last one."""

    path: Sequence[Any] = ()

    def __init__(self, entries: list[Entry]) -> None:
        self.source_event_id = self.last_published_event_id = len(entries)
