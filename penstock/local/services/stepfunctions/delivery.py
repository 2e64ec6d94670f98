"""What Step Functions writes about executions elsewhere: their history to a log group, and traces to X-Ray."""

import contextlib
import functools
import logging
import queue
import threading
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from penstock.local.clients import Clients
from penstock.local.service import AwsError, JsonObject
from penstock.local.services.stepfunctions import tracing
from penstock.local.services.stepfunctions.history import Entry
from penstock.local.services.stepfunctions.vended import group_of, line, logged

if TYPE_CHECKING:
    from penstock.local.services.stepfunctions.execution import Execution

_LOG = logging.getLogger(__name__)
_PRINCIPAL = "delivery.logs.amazonaws.com"
_CLOSING_SECONDS = 10
_Event = tuple[str, str, str, JsonObject]  # the machine, its log group, the stream, and what is logged


class Delivery:
    """Logs and traces, delivered in a thread of their own: an execution does not wait for them."""

    def __init__(self, clients: Clients, access: Any) -> None:
        self._clients = clients
        self._access = access
        self._waiting: queue.SimpleQueue[_Event | Execution | None] = queue.SimpleQueue()
        self._streams: set[tuple[str, str]] = set()
        self._thread = threading.Thread(target=self._deliver, name="stepfunctions-delivery", daemon=True)
        self._thread.start()

    def log(self, execution: "Execution", entry: Entry) -> None:
        """Write an event to the log group of its machine, at the level that the machine asks for."""
        group = group_of(execution.plan.logging)
        if group is not None and logged(execution.plan.logging, entry.event["type"]):
            plan = execution.plan
            day = execution.started.strftime("%Y-%m-%d-%H-%M")
            text = line(execution.arn, execution.redrives, entry.event, data=plan.logging["includeExecutionData"])
            moment = round(entry.event["timestamp"].timestamp() * 1000)
            stream = f"states/{plan.machine_name}/{day}/{execution.name[:36]}".replace(":", "-").replace("*", "-")
            self._waiting.put((plan.machine_arn, group, stream, {"timestamp": moment, "message": text}))

    def trace(self, execution: "Execution") -> None:
        """Send the trace of an execution that has ended, if its machine is traced."""
        if execution.plan.traced:
            self._waiting.put(execution)

    def close(self) -> None:
        """Deliver what waits, and no more."""
        self._waiting.put(None)
        self._thread.join(_CLOSING_SECONDS)

    def _deliver(self) -> None:
        going = True
        while going:
            batch = [self._waiting.get()]
            while not self._waiting.empty():
                batch.append(self._waiting.get())
            going = None not in batch
            groups: dict[tuple[str, str, str], list[JsonObject]] = defaultdict(list)
            for item in batch:
                if isinstance(item, tuple):
                    groups[item[:3]].append(item[3])
                elif item is not None:
                    self._attempt("trace", functools.partial(tracing.send, item, self._clients, self._access))
            for (machine, group, stream), lines in groups.items():
                self._attempt("log", functools.partial(self._put, machine, group, stream, lines))

    def _attempt(self, what: str, deliver: Any) -> None:
        try:
            deliver()
        except (AwsError, ClientError) as error:
            _LOG.warning("Step Functions: a %s was not delivered: %s", what, error)
        except Exception:
            _LOG.exception("Step Functions: a %s was not delivered", what)

    def _put(self, machine: str, group: str, stream: str, events: list[JsonObject]) -> None:
        client = self._clients.service(_PRINCIPAL, "logs", source=machine)
        if (group, stream) not in self._streams:
            with contextlib.suppress(client.exceptions.ResourceAlreadyExistsException):
                client.create_log_stream(logGroupName=group, logStreamName=stream)
            self._streams.add((group, stream))
        client.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
