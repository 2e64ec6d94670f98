"""A former model goes back into service, in a cloud that stays."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(name="cloud", scope="module")
def _cloud(tiny_cloud: Any, tiny_records: Path) -> Any:
    """A cloud in which two generations were deployed."""
    for number in (1, 2):
        run = tiny_cloud.run(tiny_records)
        assert (run.code, run.result["generation"]) == (0, number), run.said
    return tiny_cloud


@pytest.fixture(name="rolled_back", scope="module")
def _rolled_back(cloud: Any) -> Any:
    return cloud.command("rollback", "tiny", "--json")


def test_the_generation_before_is_deployed_by_a_run_of_the_same_machine(rolled_back: Any) -> None:
    assert rolled_back.code == 0, rolled_back.said
    assert (rolled_back.result["outcome"], rolled_back.result["generation"]) == ("DEPLOYED", 1)
    names = [state["name"] for state in rolled_back.result["states"]]
    assert "Smoke test" in names
    assert {"Train", "Evaluate", "Gate", "Register"}.isdisjoint(names)
    assert "✓ Prepare" in rolled_back.said


def test_what_serves_is_in_the_status_and_the_run_in_the_graph(cloud: Any, rolled_back: Any) -> None:
    status = cloud.command("status", "tiny", "--json").result
    assert (status["execution"], status["outcome"]) == (rolled_back.result["execution"], "DEPLOYED")
    assert (status["endpoint_status"], status["generation"], status["lock"]) == ("InService", 1, None)
    drawn = cloud.command("graph", "tiny", "--execution", rolled_back.result["execution"], "--reached")
    assert "✓ Smoke test" in drawn.said
    assert "Train" not in drawn.said


@pytest.mark.usefixtures("rolled_back")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "There is no generation before 1, which serves, to go back to. Generations of tiny: 2 ("),
        (["--to", "9"], "--to 9: there is no such generation to go back to. Generations of tiny: 2 ("),
        (["--to", "1"], "--to 1: generation 1 is what serves now."),
    ],
)
def test_where_it_cannot_go_back_to_it_says_what_there_is(cloud: Any, arguments: list[str], message: str) -> None:
    ended = cloud.command("rollback", "tiny", *arguments, "--json")
    assert ended.code == 1
    assert ended.result["error"].startswith(message)


def test_an_execution_that_is_not_there_is_said(cloud: Any) -> None:
    ended = cloud.command("graph", "tiny", "--execution", "nope")
    assert ended.code == 1
    assert "tiny has no run nope in this cloud." in ended.said


def test_nothing_waits_for_approval(cloud: Any) -> None:
    ended = cloud.command("approve", "tiny", "--why", "fine")
    assert ended.code == 1
    assert "Nothing of tiny waits for approval." in ended.said
