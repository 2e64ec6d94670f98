"""One execution of a state machine."""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType, StateMachineType
from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext

from penstock.local.clients import Clients
from penstock.local.service import JsonObject
from penstock.local.services.stepfunctions.history import History
from penstock.local.services.stepfunctions.shapes import epoch_milliseconds, iso, now

_STATUS = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionAborted": "ABORTED",
    "ExecutionTimedOut": "TIMED_OUT",
}
_NOT_IN_A_SESSION_NAME = re.compile(r"[^\w+=,.@-]", re.ASCII)


@dataclass(frozen=True)
class Plan:
    """What is executed: the machine as it was when the execution started."""

    machine_arn: str
    machine_name: str
    role_arn: str
    definition: str
    program: Any


@dataclass(frozen=True)
class _Details:
    """What moto's environment calls the AWSExecutionDetails, and on whose behalf tasks call."""

    account: str
    region: str
    role_arn: str
    clients: Clients
    session: str


class Execution:
    """An execution: its status follows from the event that ended it."""

    def __init__(
        self, *, plan: Plan, name: str, text: str, clients: Clients, publish: Callable[[JsonObject], None]
    ) -> None:
        self.plan = plan
        self.name = name
        self.arn = f"{plan.machine_arn.replace(':stateMachine:', ':execution:')}:{name}"
        self.input = text
        self.started = now()
        self.status = "RUNNING"
        self.stopped: datetime | None = None
        self.output: str | None = None
        self.error: str | None = None
        self.cause: str | None = None
        self.history = History(self._ended)
        self._publish = publish
        self._env = self._environment(clients)
        self._timer: threading.Timer | None = None

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._add(
            HistoryEventType.ExecutionStarted,
            input=self.input,
            inputDetails={"truncated": False},
            roleArn=self.plan.role_arn,
        )
        self._publish(self._status_change())
        limit = self.plan.program.timeout_seconds
        if limit is not None:
            self._timer = threading.Timer(limit.timeout_seconds, self._time_out)
            self._timer.daemon = True
            self._timer.start()
        # Not Program.eval: that is a thread more, and its time-out shows in the history when the state has ended.
        program = (self.plan.program, self._env)
        threading.Thread(target=EvalComponent.eval, args=program, name=self.arn, daemon=True).start()

    def stop(self, error: str | None, cause: str | None) -> None:
        """Abort: tasks that are under way are left alone, but for jobs that the execution waits for."""
        self._env.set_stop(stop_date=now(), error=error, cause=cause)
        self._add(HistoryEventType.ExecutionAborted, error=error, cause=cause)

    def abandon(self) -> None:
        """End without a trace: the cloud is closing."""
        self.history.close()
        self._env.set_stop(stop_date=now(), error=None, cause=None)
        self._cancel_timer()

    def listed(self) -> JsonObject:
        """Return what ListExecutions says of it."""
        times = {"startDate": self.started, **({"stopDate": self.stopped} if self.stopped else {})}
        arns = {"executionArn": self.arn, "stateMachineArn": self.plan.machine_arn}
        return {**arns, "name": self.name, "status": self.status, **times}

    def described(self) -> JsonObject:
        """Return the answer to DescribeExecution."""
        ended = {"output": self.output, "error": self.error, "cause": self.cause}
        answer = {**self.listed(), "input": self.input, "inputDetails": {"included": True}}
        answer |= {key: value for key, value in ended.items() if value is not None}
        return answer | ({"outputDetails": {"included": True}} if self.output is not None else {})

    def _time_out(self) -> None:
        self._env.set_timed_out()
        self._add(HistoryEventType.ExecutionTimedOut)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _environment(self, clients: Clients) -> Any:
        context = {
            "Execution": {
                "Id": self.arn,
                "Input": json.loads(self.input),
                "Name": self.name,
                "RoleArn": self.plan.role_arn,
                "StartTime": iso(self.started),
            },
            "StateMachine": {"Id": self.plan.machine_arn, "Name": self.plan.machine_name},
        }
        session = _NOT_IN_A_SESSION_NAME.sub("-", self.name).ljust(2, "-")  # STS takes two characters or more
        env = Environment(
            aws_execution_details=_Details(clients.account, clients.region, self.plan.role_arn, clients, session),
            execution_type=StateMachineType.STANDARD,
            context=context,
            event_history_context=EventHistoryContext.of_program_start(),
            cloud_watch_logging_session=None,
            activity_store={},
        )
        env.event_manager = self.history
        env.next_state_name = self.plan.program.start_at.start_at_name  # from here on it can be stopped
        return env

    def _add(self, kind: Any, **details: Any) -> None:
        key = f"{kind.value[0].lower()}{kind.value[1:]}EventDetails"
        self.history.add_event(
            self._env.event_history_context,
            kind,
            {key: details},
            update_source_event_id=kind is not HistoryEventType.ExecutionStarted,
        )

    def _ended(self, event: JsonObject) -> None:
        kind = event["type"]
        details = event.get(f"{kind[0].lower()}{kind[1:]}EventDetails", {})
        self._cancel_timer()
        self.stopped = event["timestamp"]
        self.output, self.error, self.cause = (details.get(key) for key in ("output", "error", "cause"))
        self.status = _STATUS[kind]  # last: whoever sees it sees all of the above
        self._publish(self._status_change())

    def _status_change(self) -> JsonObject:
        return {
            "source": "aws.states",
            "detail-type": "Step Functions Execution Status Change",
            "resources": [self.arn],
            "detail": {
                "executionArn": self.arn,
                "stateMachineArn": self.plan.machine_arn,
                "stateMachineVersionArn": None,
                "stateMachineAliasArn": None,
                "name": self.name,
                "status": self.status,
                "startDate": epoch_milliseconds(self.started),
                "stopDate": epoch_milliseconds(self.stopped) if self.stopped else None,
                "input": self.input,
                "inputDetails": {"included": True},
                "output": self.output,
                "outputDetails": {"included": True} if self.output is not None else None,
                "error": self.error,
                "cause": self.cause,
                "redriveCount": 0,
                "redriveDate": None,
            },
        }
