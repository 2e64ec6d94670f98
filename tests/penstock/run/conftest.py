from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

NOW = datetime(2026, 1, 1, tzinfo=UTC)
Event = dict[str, Any]


@pytest.fixture(scope="session")
def event() -> Callable[..., Event]:
    """An event of a history, so many seconds after its beginning."""

    def make(kind: str, seconds: float, **details: Any) -> Event:
        return {"type": kind, "timestamp": NOW + timedelta(seconds=seconds), **details}

    return make


@pytest.fixture(scope="session")
def visit(event: Callable[..., Event]) -> Callable[..., list[Event]]:
    """The events of a task that was entered and left again, with what it assigned."""

    def make(name: str, seconds: float, until: float, *between: Event, **assigned: str) -> list[Event]:
        left = {"name": name, "output": "{}", "assignedVariables": assigned}
        return [
            event("TaskStateEntered", seconds, stateEnteredEventDetails={"name": name}),
            *between,
            event("TaskStateExited", until, stateExitedEventDetails=left),
        ]

    return make
