"""The graph as SVG, laid out by Graphviz: npm's @viz-js/viz, in Node."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from penstock.errors import PenstockError
from penstock.graph.structure import shape
from penstock.graph.style import COLOURS, Drawing, lines

LAYOUT = """
import { instance } from "@viz-js/viz";
let graph = "";
for await (const part of process.stdin) graph += part;
process.stdout.write((await instance()).renderString(graph, { format: "svg" }));
"""
TIMEOUT_SECONDS = 60
FONT = "Helvetica"  # one whose letters Graphviz can measure
# What of an execution was taken stands out, and the rest steps back.
_TAKEN = {
    None: "",
    True: ', color="#222222", penwidth=1.8',
    False: ', color="#cccccc", fontcolor="#aaaaaa"',
}


def draw(drawing: Drawing, root: Path) -> str:
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
        input=dot(drawing),
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


def dot(drawing: Drawing) -> str:
    """Return the graph in Graphviz's language: the main path straight down, circles in frames, errors dashed."""
    return "\n".join(["digraph {", *_statements(drawing), "}"])


def _statements(drawing: Drawing) -> Iterator[str]:
    machine, found = drawing.machine, shape(drawing.machine)
    yield f'graph [bgcolor="white", pad=0.3, nodesep=0.3, ranksep=0.4, fontname="{FONT}", fontsize=14, labelloc="t"]'
    if drawing.title:
        yield f"graph [label={_label([drawing.title, ' '])}]"
    yield f'node [shape=box, style="rounded,filled", fontname="{FONT}", fontsize=11, margin="0.2,0.08"]'
    yield f'edge [fontname="{FONT}", fontsize=9, fontcolor="#555555", color="#777777", arrowsize=0.7]'
    ids = {state.name: f"s{number}" for number, state in enumerate(machine.states, start=1)}
    for state in machine.states:
        fill, outline, text = COLOURS[drawing.look(state)]
        label = _label(list(filter(None, [state.name, drawing.below(state)])))
        straight = ', group="main"' if state.name in found.main else ""
        yield f'{ids[state.name]} [label={label}, fillcolor="{fill}", color="{outline}", fontcolor="{text}"{straight}]'
    for number, circle in enumerate(found.circles, start=1):
        members = " ".join(ids[state.name] for state in machine.states if state.name in circle - set(found.main))
        if members:
            yield f'subgraph cluster_{number} {{ style="rounded,filled"; color="#f4f4f4"; label=""; {members} }}'
    main = set(pairwise(found.main))
    for state in machine.states:
        for transition in state.transitions:
            step = (state.name, transition.target)
            label = _label([f" {line} " for line in lines(transition.when)])  # room beside the arrow
            style = "dashed" if transition.caught else "solid"
            more = (", weight=20" if step in main else "") + _TAKEN[drawing.taken(*step)]
            back = step[1] in found.main and step[0] not in found.main
            if back and any(set(step) <= circle for circle in found.circles):
                step, more = step[::-1], f"{more}, dir=back"  # so that the circle is below where it begins
            yield f"{ids[step[0]]} -> {ids[step[1]]} [label={label}, style={style}{more}]"


def _label(lines: list[str]) -> str:
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'
