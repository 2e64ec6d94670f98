from datetime import UTC, datetime, timedelta

import click
import pytest

from penstock.run.details.seen import Detail
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
        self.held = True
        self.silent: set[str] = set()
        self.progress = Progress(
            say=lambda line: self.lines.append(click.unstyle(line)),
            working=lambda line: self.working.append(click.unstyle(line).strip()),
            detail=lambda state: Detail(f"({state.name})" if state.name not in self.silent else "", held=self.held),
            pipeline="bigmart",
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
    shown.enter("Update endpoint", 0)
    shown.working.clear()
    shown.enter("Check endpoint", 0, "Choice")
    shown.enter("Wait", 1, "Wait")
    assert (shown.lines, shown.working) == ([], [])


def test_a_look_after_a_wait_belongs_to_the_work_that_it_looks_at(shown: Shown) -> None:
    shown.enter("Create endpoint", 0)
    for second in (1, 3):
        shown.enter("Wait for endpoint", second, "Wait")
        shown.enter("Describe endpoint", second + 1)
    shown.enter("Smoke test", 5)
    shown.progress.end(at(6))
    assert [line.split("(")[0].split() for line in shown.lines] == [
        ["✓", "Create", "endpoint", "5.0", "s"],
        ["✓", "Smoke", "test", "1.0", "s"],
    ]


def test_a_wait_for_the_work_of_others_has_a_line(shown: Shown) -> None:
    shown.enter("Describe endpoint", 0)
    shown.enter("Wait for endpoint", 1, "Wait")
    shown.enter("Describe endpoint", 4)
    shown.enter("Update endpoint", 5)
    assert shown.lines == ["  ✓ Wait for endpoint          4.0 s   (Wait for endpoint)"]


def test_a_look_shows_how_far_the_work_is(shown: Shown) -> None:
    shown.enter("Update endpoint", 0)
    look = shown.enter("Describe endpoint", 1)
    variant = {"VariantStatus": [{"Status": "Creating"}, {"Status": "Baking"}]}
    pending = {"ProductionVariants": [variant]}
    look.status, look.output = "SUCCEEDED", {"EndpointStatus": "Updating", "PendingDeploymentSummary": pending}
    shown.progress.show(look)
    look.output = {"EndpointStatus": "InService"}
    shown.progress.show(look)
    assert shown.working[1:] == [
        "… Update endpoint            Updating, Baking",
        "… Update endpoint            InService",
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


def test_a_model_that_is_not_held_good_is_marked(shown: Shown) -> None:
    shown.enter("Gate", 0)
    shown.held = False
    shown.enter("Gate passed", 2, "Choice")
    shown.enter("Release lock", 2)
    assert shown.lines == ["  ✗ Gate                       2.0 s   (Gate)"]


def test_parts_of_a_work_have_no_line_of_their_own(shown: Shown) -> None:
    shown.enter("Register", 0)
    shown.enter("Create package group", 1)
    shown.enter("Register again", 2)
    shown.enter("Describe endpoint", 4)  # a first look is no work
    shown.enter("Release lock", 5)
    shown.progress.end(at(6))
    assert [line.split() for line in shown.lines] == [["✓", "Register", "4.0", "s", "(Register)"]]
    assert shown.working == ["… Register"]


def test_a_part_that_comes_first_is_shown_as_the_work(shown: Shown) -> None:
    shown.enter("Describe best job", 0)
    shown.progress.end(at(1))
    assert [line.split() for line in shown.lines] == [["✓", "Tune", "1.0", "s", "(Tune)"]]


@pytest.mark.parametrize("silent", [{"Take lock"}, set()])
def test_the_lock_has_a_line_only_if_there_is_something_to_say(shown: Shown, silent: set[str]) -> None:
    shown.silent = silent
    shown.enter("Take lock", 0)
    shown.enter("Read lock", 1)
    shown.enter("Wait for lock", 1, "Wait")
    shown.enter("Take lock", 3)
    shown.enter("Find champion", 4)
    assert [line.split()[1:3] for line in shown.lines] == ([] if silent else [["Take", "lock"]])


def test_who_has_to_approve_is_told_how(shown: Shown) -> None:
    shown.enter("Ask for approval", 0)
    assert shown.lines == [
        "  … Ask for approval           waits for `penstock approve bigmart --why TEXT` or"
        " `penstock reject bigmart --why TEXT`"
    ]


def test_a_further_attempt_is_the_same_work(shown: Shown) -> None:
    shown.enter("Create endpoint", 0)
    shown.enter("Create endpoint again", 1)
    shown.progress.end(at(3))
    assert [line.split() for line in shown.lines] == [["✓", "Create", "endpoint", "3.0", "s", "(Create", "endpoint)"]]


def test_a_smoke_test_that_fails_is_what_failed_and_the_restoration_is_shown(shown: Shown) -> None:
    smoke = shown.enter("Smoke test", 0)
    smoke.caught, shown.held = "SmokeTestFailed", False
    shown.enter("Restore endpoint", 1)
    shown.held = True
    shown.enter("Wait for restore", 1, "Wait")
    failed = State("Smoke test failed", "Fail", at(3), status="FAILED")
    shown.progress.show(failed)
    assert [line.split() for line in shown.lines] == [
        ["✗", "Smoke", "test", "1.0", "s", "(Smoke", "test)"],
        ["✓", "Restore", "endpoint", "2.0", "s", "(Restore", "endpoint)"],
    ]
    assert shown.progress.place(failed) == "at Smoke test (Smoke test failed)"


def test_the_work_that_failed_is_named(shown: Shown) -> None:
    shown.enter("Update endpoint", 0)
    shown.enter("Wait for endpoint", 1, "Wait")
    failed = State("Rolled back", "Fail", at(2), status="FAILED")
    shown.progress.show(failed)
    assert shown.progress.place(failed) == "at Update endpoint (Rolled back)"


def test_a_task_that_fails_itself_is_named_once(shown: Shown) -> None:
    state = shown.enter("Train", 0)
    state.status = "FAILED"
    shown.progress.show(state)
    assert shown.progress.place(state) == "at Train"


def test_seconds_are_those_of_this_machine(shown: Shown) -> None:
    shown.progress = Progress(
        say=shown.lines.append, working=shown.working.append, detail=lambda _: Detail(), pipeline="p", speed=60
    )
    shown.enter("Train", 0)
    shown.progress.end(at(120))
    assert shown.lines[0].endswith("  2.0 s")
