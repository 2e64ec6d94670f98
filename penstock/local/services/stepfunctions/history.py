"""What an execution has done: its events, as GetExecutionHistory gives them."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from penstock.local.service import JsonObject
from penstock.local.services.stepfunctions.shapes import now

_LAST = {"ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"}


class History:
    """The events of an execution, in the place of moto's EventManager.

    The first event that ends the execution closes the history, and `ended` hears of it: what still runs then, a call
    that a stopped execution had made for example, comes too late to change anything.
    """

    def __init__(self, ended: Callable[[JsonObject], None]) -> None:
        self._ended = ended
        self._lock = threading.Lock()
        self._events: list[JsonObject] = []
        self._closed = False

    def add_event(
        self,
        context: Any,
        event_type: Any,
        event_details: Any = None,
        timestamp: datetime | None = None,
        update_source_event_id: bool = True,  # noqa: FBT001, FBT002  moto's signature
    ) -> int:
        """Add an event and return its id; `context` knows which event came before, on its branch."""
        with self._lock:
            if self._closed or self._repeats(event_type.value):
                return int(context.last_published_event_id)
            event = {
                "timestamp": timestamp or now(),
                "type": event_type.value,
                "id": len(self._events) + 1,
                "previousEventId": context.source_event_id,
                **{key: _set_members(details) for key, details in (event_details or {}).items()},
            }
            self._events.append(event)
            self._closed = event["type"] in _LAST
            context.last_published_event_id = event["id"]
            if update_source_event_id:
                context.source_event_id = event["id"]
            if self._closed:
                self._ended(event)
        return int(event["id"])

    def close(self) -> None:
        """Take no more events, and tell nobody."""
        with self._lock:
            self._closed = True

    def events(self) -> list[JsonObject]:
        """Return the events so far, the first one first."""
        with self._lock:
            return [*self._events]

    def _repeats(self, event_type: str) -> bool:
        """Of an expression that failed in a task, moto tells twice."""
        return event_type == "EvaluationFailed" and self._events[-1]["type"] == event_type


def _set_members(details: Any) -> JsonObject:
    return {name: value for name, value in details.items() if value is not None}
