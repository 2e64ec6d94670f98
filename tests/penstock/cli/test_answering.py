from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from penstock.cli import answering, main
from penstock.run import approving


@pytest.fixture(autouse=True)
def answers(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bool, str]]:
    """What was answered to the one request that there is."""
    given: list[tuple[bool, str]] = []

    def answer(_client: None, _request: Any, *, approved: bool, why: str) -> str:
        given.append((approved, why))
        return "arn:me"

    def pending(_client: None, environment: str, pipeline: str) -> Any:
        assert (environment, pipeline) == ("dev", "bigmart")
        return SimpleNamespace(generation=5, lines=lambda: ["  Model   rmse 7.500"])

    cloud = SimpleNamespace(clients=SimpleNamespace(operator=None))
    monkeypatch.setattr(answering, "connected", lambda *_: (None, cloud))
    monkeypatch.setattr(approving, "pending", pending)
    monkeypatch.setattr(approving, "answer", answer)
    return given


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize(
    ("command", "approved", "said"),
    [
        ("approve", True, "Approved by arn:me: fine\nThe run deploys it now"),
        ("reject", False, "Rejected by arn:me: fine\nThe run ends REJECTED; what serves now serves on"),
    ],
)
def test_an_answer_shows_what_was_asked_and_who_answered(
    answers: list[tuple[bool, str]], command: str, *, approved: bool, said: str
) -> None:
    result = run(command, "bigmart", "--why", " fine ")
    assert result.output == (
        f"bigmart · generation 5\n  Model   rmse 7.500\n{said}: `penstock status bigmart` shows how far it is.\n"
    )
    assert answers == [(approved, "fine")]


def test_a_reason_of_several_lines_becomes_one(answers: list[tuple[bool, str]]) -> None:
    assert run("approve", "bigmart", "--why", "two\nlines\t<b>é</b>").exit_code == 0
    assert answers == [(True, "two lines <b>é</b>")]


def test_a_reason_is_no_longer_than_what_is_kept(answers: list[tuple[bool, str]]) -> None:
    long = run("reject", "bigmart", "--why", "x" * 1025)
    assert (long.exit_code, long.stderr) == (
        1,
        "--why: has 1,025 characters, and 1,024 at most are kept. Say it in fewer.\n",
    )
    assert answers == []


@pytest.mark.parametrize("command", ["approve", "reject"])
def test_an_answer_needs_a_reason(answers: list[tuple[bool, str]], command: str) -> None:
    assert run(command, "bigmart").exit_code == 2
    empty = run(command, "bigmart", "--why", " ")
    assert (empty.exit_code, empty.stderr) == (
        1,
        "--why: is empty. Say in a few words why; it is kept with the model.\n",
    )
    assert answers == []
