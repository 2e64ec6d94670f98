import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import click
import pytest
from syrupy.assertion import SnapshotAssertion

from penstock.errors import PenstockError
from penstock.graph import mermaid, svg, text
from penstock.graph.machine import Machine
from penstock.graph.style import Drawing
from penstock.graph.trace import Trace, Visit

ROOT = Path(__file__).parents[3]


@pytest.mark.snapshot
def test_text(machine: Machine, snapshot: SnapshotAssertion) -> None:
    assert click.unstyle(text.draw(Drawing(machine))) == snapshot


@pytest.mark.snapshot
def test_mermaid(machine: Machine, snapshot: SnapshotAssertion) -> None:
    assert mermaid.draw(Drawing(machine)) == snapshot


@pytest.mark.snapshot
def test_graphviz(machine: Machine, snapshot: SnapshotAssertion) -> None:
    assert svg.dot(Drawing(machine)) == snapshot


@pytest.fixture
def executed(machine: Machine) -> Drawing:
    """An execution whose update failed after a caught error and several looks."""
    visits = {
        "Train": Visit("succeeded", 2.1, 1),
        "Gate": Visit("succeeded", 0.0, 1),
        "Update endpoint": Visit("caught", 0.2, 1),
        "Failed": Visit("failed", 0.0, 1),
        "Wait for endpoint": Visit("running", 75, 3),
    }
    steps = frozenset({("Train", "Gate"), ("Gate", "Update endpoint"), ("Update endpoint", "Failed")})
    return Drawing(machine, Trace("execution 7c1f09ab · FAILED", visits, steps))


@pytest.mark.snapshot
def test_text_of_an_execution(executed: Drawing, snapshot: SnapshotAssertion) -> None:
    assert click.unstyle(text.draw(executed)) == snapshot


@pytest.mark.snapshot
def test_mermaid_of_an_execution(executed: Drawing, snapshot: SnapshotAssertion) -> None:
    assert mermaid.draw(executed) == snapshot


@pytest.mark.snapshot
def test_graphviz_of_an_execution(executed: Drawing, snapshot: SnapshotAssertion) -> None:
    assert svg.dot(executed) == snapshot


def test_svg_shows_every_state_and_transition(machine: Machine) -> None:
    drawing = ET.fromstring(svg.draw(Drawing(machine), ROOT))  # noqa: S314 our own

    titles = [title.text for title in drawing.iter("{http://www.w3.org/2000/svg}title")]
    shown = "".join(drawing.itertext())
    assert sum("->" in str(title) for title in titles) == sum(len(state.transitions) for state in machine.states)
    assert [state.name for state in machine.states if state.name not in shown] == []
    assert "variants[weight" in shown


def test_node_is_found_beside_python(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = shutil.which("node")
    assert node
    (tmp_path / "node").symlink_to(node)
    monkeypatch.setenv("PATH", str(tmp_path / "elsewhere"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    assert "</svg>" in svg.draw(Drawing(machine), ROOT)


def test_svg_without_node_says_what_to_do(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    with pytest.raises(PenstockError, match="Run `make setup`, or use --format mermaid"):
        svg.draw(Drawing(machine), tmp_path)


def test_svg_without_the_package_says_what_to_do(machine: Machine, tmp_path: Path) -> None:
    with pytest.raises(PenstockError, match=r"Cannot find package '@viz-js/viz'(.|\n)*Run `make setup`"):
        svg.draw(Drawing(machine), tmp_path)
