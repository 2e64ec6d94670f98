from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from penstock.run import details
from penstock.run.details.seen import Detail
from penstock.run.execution import Execution, State

NOW = datetime(2026, 1, 1, tzinfo=UTC)
Describe = Callable[..., Detail]


@pytest.fixture(scope="session")
def describe() -> Describe:
    """The detail of a state that has ended with an output, in a run with variables and stored files."""

    def of(
        name: str,
        output: Any = None,
        *others: State,
        stored: dict[str, Any] | None = None,
        path: tuple[str, ...] = (),
        asked: Any = None,
        caught: str = "",
        **variables: Any,
    ) -> Detail:
        state = State(name, "Task", NOW, status="SUCCEEDED", output=output, parameters=asked, caught=caught)
        states = {one.name: one for one in (state, *others)}
        run = Execution("arn", "name", states, path=list(path), variables=variables)
        return details.of(state, run, lambda file: (stored or {}).get(file, {}))

    return of
