"""What an execution has done: its events, as GetExecutionHistory gives them."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from penstock.local.clock import Clock
from penstock.local.service import JsonObject
from penstock.local.services.stepfunctions.failures import RUNTIME
from penstock.local.services.stepfunctions.shapes import milliseconds

# Where an event happened: for each Parallel or Map around it, the event that started it, and which branch or iteration.
Path = tuple[tuple[int, int], ...]
MOST_EVENTS = 25_000
NEXT = "next"  # in the details of a state that is left: to which state; the API does not show it
_LAST = {"ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"}


@dataclass(frozen=True)
class Entry:
    """An event, where it happened, and the state that follows where it left one."""

    event: JsonObject
    path: Path = ()
    following: str | None = None


def path_of(context: Any) -> Path:
    """Return where the events of a context of moto's happen."""
    path: Path = getattr(context, "path", ())
    return path


class History:
    """The events of an execution; `observers` hear of each, in their order."""

    def __init__(
        self, *, entries: list[Entry], clock: Clock, observers: Sequence[Callable[[Entry], None]] = ()
    ) -> None:
        self.entries = entries
        self.clock = clock
        self.lock = threading.RLock()
        self._observers = observers

    def events(self) -> list[JsonObject]:
        """Return the events so far, the first one first."""
        with self.lock:
            return [entry.event for entry in self.entries]

    def add(self, entry: Entry) -> None:
        """Take in an event; the caller holds the lock."""
        self.entries.append(entry)
        for observe in self._observers:
            observe(entry)


class Writer:
    """Adds the events of one attempt at an execution, in the place of moto's EventManager.

    The first event that ends the attempt closes it, and `ended` hears of it: what still runs then, a call that a
    stopped execution had made for example, comes too late to change anything, also after a redrive.
    """

    def __init__(self, history: History, ended: Callable[[JsonObject], None]) -> None:
        self._history = history
        self._ended = ended
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
        with self._history.lock:
            if self._closed or self._repeats(event_type.value):
                return int(context.last_published_event_id)
            kind, given = self._limited(event_type.value, event_details or {})
            details = {key: _set_members(members) for key, members in given.items()}
            following = details.get("stateExitedEventDetails", {}).pop(NEXT, None)
            event = {
                "timestamp": milliseconds(timestamp or self._history.clock.now()),
                "type": kind,
                "id": len(self._history.entries) + 1,
                "previousEventId": context.source_event_id,
                **details,
            }
            self._closed = kind in _LAST
            context.last_published_event_id = event["id"]
            if update_source_event_id:
                context.source_event_id = event["id"]
            self._history.add(Entry(event, path_of(context), following))
            if self._closed:
                self._ended(event)
        return int(event["id"])

    def close(self) -> None:
        """Take no more events, and tell nobody."""
        with self._history.lock:
            self._closed = True

    def _limited(self, kind: str, details: Any) -> tuple[str, Any]:
        """Let the last event that there is room for end the execution."""
        if len(self._history.entries) < MOST_EVENTS - 1 or kind in _LAST:
            return kind, details
        cause = f"The execution reached the maximum number of history events ({MOST_EVENTS})."
        return "ExecutionFailed", {"executionFailedEventDetails": {"error": RUNTIME, "cause": cause}}

    def _repeats(self, event_type: str) -> bool:
        """Of an expression that failed in a task, moto tells twice."""
        return event_type == "EvaluationFailed" and self._history.entries[-1].event["type"] == event_type


def _set_members(details: Any) -> JsonObject:
    return {name: value for name, value in details.items() if value is not None}
