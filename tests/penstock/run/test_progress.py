from datetime import UTC, datetime, timedelta

import click
import pytest

from penstock.run.execution import State
from penstock.run.progress import Progress

START = datetime(2026, 1, 1, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


class Shown:
    """What a run's states look like on a terminal without colour."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.working: list[str] = []
        self.progress = Progress(
            say=lambda line: self.lines.append(click.unstyle(line)),
            working=lambda line: self.working.append(click.unstyle(line).strip()),
            detail=lambda state: f"({state.name})",
        )

    def enter(self, name: str, seconds: float, kind: str = "Task") -> State:
        state = State(name, kind, at(seconds))
        self.progress.show(state)
        return state


@pytest.fixture
def shown() -> Shown:
    return Shown()


def test_a_task_has_a_line_when_it_starts_and_one_when_the_next_starts(shown: Shown) -> None:
    shown.enter("Train", 0)
    assert shown.working == ["… Train"]
    assert shown.lines == []
    shown.enter("Publish", 2.1)
    assert shown.lines == ["  ✓ Train                      2.1 s   (Train)"]


def test_choices_and_waits_have_none(shown: Shown) -> None:
    shown.enter("Gate", 0, "Choice")
    shown.enter("Wait", 1, "Wait")
    assert (shown.lines, shown.working) == ([], [])


def test_a_look_after_a_wait_belongs_to_the_work_that_it_looks_at(shown: Shown) -> None:
    shown.enter("Create endpoint", 0)
    for second in (1, 3):
        shown.enter("Wait for endpoint", second, "Wait")
        shown.enter("Look", second + 1)
    shown.enter("Smoke test", 5)
    shown.progress.end(at(6))
    assert [line.split("(")[0].split() for line in shown.lines] == [
        ["✓", "Create", "endpoint", "5.0", "s"],
        ["✓", "Smoke", "test", "1.0", "s"],
    ]


def test_a_failed_look_is_the_failure_of_the_work(shown: Shown) -> None:
    shown.enter("Create endpoint", 0)
    shown.enter("Wait for endpoint", 1, "Wait")
    look = State("Endpoint failed", "Fail", at(2), status="FAILED", seconds=0.0)
    shown.progress.show(look)
    assert [line.split() for line in shown.lines] == [
        ["✗", "Create", "endpoint", "2.0", "s", "(Endpoint", "failed)"],
    ]


def test_a_failed_task_is_marked_with_its_own_time(shown: Shown) -> None:
    state = shown.enter("Train", 0)
    state.status, state.seconds = "FAILED", 4.0
    shown.progress.show(state)
    assert shown.lines == ["  ✗ Train                      4.0 s   (Train)"]
