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

ROOT = Path(__file__).parents[3]


@pytest.mark.snapshot
def test_text(machine: Machine, snapshot: SnapshotAssertion) -> None:
    assert click.unstyle(text.draw(machine)) == snapshot


@pytest.mark.snapshot
def test_mermaid(machine: Machine, snapshot: SnapshotAssertion) -> None:
    assert mermaid.draw(machine) == snapshot


@pytest.mark.snapshot
def test_graphviz(machine: Machine, snapshot: SnapshotAssertion) -> None:
    assert svg.dot(machine) == snapshot


def test_svg_shows_every_state_and_transition(machine: Machine) -> None:
    drawing = ET.fromstring(svg.draw(machine, ROOT))  # noqa: S314 our own

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

    assert "</svg>" in svg.draw(machine, ROOT)


def test_svg_without_node_says_what_to_do(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    with pytest.raises(PenstockError, match="Run `make setup`, or use --format mermaid"):
        svg.draw(machine, tmp_path)


def test_svg_without_the_package_says_what_to_do(machine: Machine, tmp_path: Path) -> None:
    with pytest.raises(PenstockError, match=r"Cannot find package '@viz-js/viz'(.|\n)*Run `make setup`"):
        svg.draw(machine, tmp_path)
