"""One attempt at an execution: the first one, or a redrive."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType, StateMachineType
from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext
from moto.stepfunctions.parser.utils import TMP_THREADS

from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.service import JsonObject
from penstock.local.services.stepfunctions.children import go_on
from penstock.local.services.stepfunctions.history import History, Writer
from penstock.local.services.stepfunctions.plan import Plan
from penstock.local.services.stepfunctions.resumption import Resumption
from penstock.local.services.stepfunctions.surroundings import Surroundings
from penstock.local.services.stepfunctions.tokens import Tokens

_NOT_IN_A_SESSION_NAME = re.compile(r"[^\w+=,.@-]", re.ASCII)


@dataclass(frozen=True)
class Details:
    """What moto's environment calls the AWSExecutionDetails, and what our parts of it need in its frames."""

    account: str
    region: str
    role_arn: str
    clients: Clients
    session: str
    machine_arn: str
    execution_arn: str
    clock: Clock
    tokens: Tokens
    resumption: Resumption | None


class Attempt:
    """Runs a plan in a thread of its own, until `ended` hears of the event that ends it."""

    def __init__(
        self,
        *,
        plan: Plan,
        context: JsonObject,
        history: History,
        around: Surroundings,
        ended: Callable[[JsonObject], None],
        resumption: Resumption | None = None,
    ) -> None:
        self._plan = plan
        self._around = around
        self._ended = ended
        self._writer = Writer(history, self._end)
        self._timer: threading.Timer | None = None
        self._env = self._environment(context, resumption, len(history.entries))

    def start(self, kind: Any, details: JsonObject) -> None:
        """Begin with the event that says so."""
        self.add(kind, details)
        limit = self._plan.program.timeout_seconds
        if limit is not None:
            self._timer = threading.Timer(limit.timeout_seconds, self._time_out)
            self._timer.daemon = True
            self._timer.start()
        # Not Program.eval: that is a thread more, and its time-out shows in the history when the state has ended.
        arn = self._env.aws_execution_details.execution_arn
        program = (self._plan.program, self._env)
        threading.Thread(target=EvalComponent.eval, args=program, name=arn, daemon=True).start()

    def stop(self, error: str | None, cause: str | None) -> None:
        """Abort: tasks that are under way are left alone, but for what the execution waits for."""
        self._halt()
        self.add(HistoryEventType.ExecutionAborted, {"error": error, "cause": cause})

    def abandon(self) -> None:
        """End without a trace: the cloud is closing."""
        self._writer.close()
        self._halt()

    def add(self, kind: Any, details: JsonObject) -> None:
        """Add an event that is of no state."""
        key = f"{kind.value[0].lower()}{kind.value[1:]}EventDetails"
        self._writer.add_event(
            self._env.event_history_context,
            kind,
            {key: details},
            update_source_event_id=kind is not HistoryEventType.ExecutionStarted,
        )

    def _time_out(self) -> None:
        self._env.set_timed_out()
        self.add(HistoryEventType.ExecutionTimedOut, {})

    def _end(self, event: JsonObject) -> None:
        self._halt()
        TMP_THREADS.clear()  # moto's list of every thread that it ever started
        self._ended(event)

    def _halt(self) -> None:
        self._env.set_stop(stop_date=None, error=None, cause=None)
        if self._timer is not None:
            self._timer.cancel()

    def _environment(self, context: JsonObject, resumption: Resumption | None, last_event: int) -> Any:
        clients = self._around.clients
        execution = context["Execution"]
        details = Details(
            account=clients.account,
            region=clients.region,
            role_arn=self._plan.role_arn,
            clients=clients,
            # STS takes two characters or more.
            session=_NOT_IN_A_SESSION_NAME.sub("-", execution["Name"]).ljust(2, "-"),
            machine_arn=self._plan.machine_arn,
            execution_arn=execution["Id"],
            clock=self._around.clock,
            tokens=self._around.tokens,
            resumption=resumption,
        )
        env = Environment(
            aws_execution_details=details,
            execution_type=StateMachineType.STANDARD,
            context=context,
            event_history_context=EventHistoryContext(previous_event_id=last_event),
            cloud_watch_logging_session=None,
            activity_store={},
        )
        env.event_manager = self._writer
        env.next_state_name = self._plan.program.start_at.start_at_name  # from here on it can be stopped
        place = resumption.place(()) if resumption else None
        if place is not None:
            go_on(env, place)
        return env
