import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from penstock.cli import main
from penstock.graph.machine import Machine, State, Transition

MACHINE = Machine(
    "dev-bigmart",
    (
        State("Check", "Choice", "choice", (Transition("Check", "if $late"), Transition("Done", "otherwise"))),
        State("Done", "Succeed", "succeed", ()),
    ),
)
TEXT = """\
dev-bigmart: 2 states. From a state without arrows it goes on to the next line.

Check     choice
├→ Check  if $late
└→ Done   otherwise
Done      succeed ■
"""


@pytest.fixture(autouse=True)
def synthesised(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder of a project whose cdk.out has a machine of two states, for bigmart in dev."""

    def read(assembly: Path, environment: str, pipeline: str) -> Machine:
        assert (assembly, environment, pipeline) == (project / "cdk.out", "dev", "bigmart")
        return MACHINE

    monkeypatch.chdir(project / "pipelines")
    monkeypatch.setattr("penstock.cli.graph.synthesise", lambda _root: None)
    monkeypatch.setattr("penstock.cli.graph.read_machine", read)


def _graph(*arguments: str, color: bool = False) -> Result:
    return CliRunner().invoke(main, ["graph", "bigmart", *arguments], color=color)


def test_text_is_the_default() -> None:
    assert _graph().stdout == TEXT


def test_mermaid() -> None:
    assert _graph("--format", "mermaid").stdout.startswith("flowchart TD\n")


def test_svg(monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    monkeypatch.setattr("penstock.graph.svg.draw", lambda one, root: f"<svg>{one.machine.name} {root == project}</svg>")

    assert _graph("--format", "svg").stdout == "<svg>dev-bigmart True</svg>\n"


def test_output_goes_to_a_file(project: Path) -> None:
    result = _graph("--output", "graph.txt")

    assert (result.exit_code, result.stdout) == (0, "")
    assert (project / "pipelines/graph.txt").read_text() == TEXT


def test_file_that_cannot_be_written_is_told() -> None:
    result = _graph("--output", "no/folder/graph.txt")

    assert result.exit_code == 1
    assert "no/folder/graph.txt" in result.stderr
    assert "Traceback" not in result.stderr


def test_terminal_gets_colour_unless_it_asks_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" in _graph(color=True).stdout

    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in _graph(color=True).stdout


def test_a_run_that_is_kept_is_drawn_as_it_went(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    definition = {
        "StartAt": "Check",
        "States": {"Check": {"Type": "Pass", "Next": "Done"}, "Done": {"Type": "Succeed"}},
    }
    entered = {"timestamp": "2026-01-01 00:00:00+00:00", "type": "PassStateEntered"}
    history = [
        entered | {"stateEnteredEventDetails": {"name": "Check"}},
        {"timestamp": "2026-01-01 00:00:02+00:00", "type": "ExecutionAborted"},
    ]
    kept = project / ".penstock/runs/7c1f09ab"
    kept.mkdir(parents=True)
    (kept / "definition.json").write_text(json.dumps(definition))
    (kept / "history.json").write_text(json.dumps(history))
    (kept / "cloud.json").write_text('{"speed": 1}')

    assert _graph("--execution", "7c1f09ab").stdout.splitlines()[2:] == ["✗ Check", "  Done      ■"]
    reached = _graph("--execution", "7c1f09ab", "--reached", "--format", "mermaid").stdout
    assert "title: dev-bigmart · execution 7c1f09ab · ABORTED" in reached
    assert "Done" not in reached


def test_reached_needs_an_execution() -> None:
    result = _graph("--reached")

    assert (result.exit_code, result.stderr) == (1, "--reached: of which execution? Name it with --execution NAME.\n")
