"""The graph as SVG, laid out by Graphviz: npm's @viz-js/viz, in Node."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from penstock.errors import PenstockError
from penstock.graph.machine import Machine
from penstock.graph.style import COLOURS, lines

LAYOUT = """
import { instance } from "@viz-js/viz";
let graph = "";
for await (const part of process.stdin) graph += part;
process.stdout.write((await instance()).renderString(graph, { format: "svg" }));
"""
TIMEOUT_SECONDS = 60
FONT = "Helvetica"  # one whose letters Graphviz can measure


def draw(machine: Machine, root: Path) -> str:
    """Return the drawing; `root` is the folder of the project, with its node_modules/.

    Raises:
        PenstockError: Node.js or the package is not there.
    """
    # `make` has .venv/bin on the path; a penstock that is called without make finds its Node beside itself.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])
    node = shutil.which("node", path=path)
    if node is None:
        raise PenstockError(
            "SVG is drawn in Node.js, which is not on the PATH. Run `make setup`, or use --format mermaid."
        )
    layout = subprocess.run(
        [node, "--input-type=module", "--eval", LAYOUT],
        input=dot(machine),
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    if layout.returncode:
        reason = next((line for line in layout.stderr.splitlines() if "Error" in line), layout.stderr.strip())
        raise PenstockError(f"The graph could not be drawn: {reason}\nRun `make setup`, or use --format mermaid.")
    return layout.stdout


def dot(machine: Machine) -> str:
    """Return the graph in Graphviz's language; what follows an error is dashed."""
    return "\n".join(["digraph {", *_statements(machine), "}"])


def _statements(machine: Machine) -> Iterator[str]:
    yield 'graph [bgcolor="white", pad=0.3, nodesep=0.3, ranksep=0.4]'
    yield f'node [shape=box, style="rounded,filled", fontname="{FONT}", fontsize=11, margin="0.2,0.08"]'
    yield f'edge [fontname="{FONT}", fontsize=9, fontcolor="#555555", color="#777777", arrowsize=0.7]'
    ids = {state.name: f"s{number}" for number, state in enumerate(machine.states, start=1)}
    for state in machine.states:
        fill, outline = COLOURS[state.type]
        label = _label([state.name, state.does])
        yield f'{ids[state.name]} [label={label}, fillcolor="{fill}", color="{outline}"]'
    for state in machine.states:
        for transition in state.transitions:
            style = "dashed" if transition.when.startswith("on ") else "solid"
            label = _label([f" {line} " for line in lines(transition.when)])  # room beside the arrow
            yield f"{ids[state.name]} -> {ids[transition.target]} [label={label}, style={style}]"


def _label(lines: list[str]) -> str:
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'
