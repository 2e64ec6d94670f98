from datetime import UTC, datetime
from typing import Any

import pytest

from penstock.run import details
from penstock.run.details.seen import Detail
from penstock.run.execution import Execution, State


@pytest.mark.parametrize("name", ["Publish", "Something else"])
def test_a_state_without_a_figure_shows_nothing(describe: Any, name: str) -> None:
    assert describe(name, {"a": 1}) == Detail("", held=True)


def test_a_state_without_an_output_shows_nothing(describe: Any) -> None:
    assert describe("Create model", None) == Detail("", held=True)


def test_a_failed_state_shows_the_errors_name() -> None:
    failed = State("Train", "Task", datetime(2026, 1, 1, tzinfo=UTC), status="FAILED")
    run = Execution("arn", "name", {"Train": failed}, error="States.TaskFailed")
    assert details.of(failed, run, lambda _: {}) == Detail("States.TaskFailed", held=False)


def test_a_smoke_test_that_is_caught_has_failed(describe: Any) -> None:
    assert describe("Smoke test", None, caught="SmokeTestFailed") == Detail("SmokeTestFailed", held=False)
