"""The graph as a Mermaid flowchart, which GitHub and many editors draw."""

from collections.abc import Iterator

from penstock.graph.machine import Machine
from penstock.graph.style import COLOURS, lines

SHAPES = {"Task": ("[", "]"), "Choice": ("{{", "}}")}


def draw(machine: Machine) -> str:
    """Return a flowchart from top to bottom; what follows an error is dotted."""
    return "\n".join(_lines(machine))


def _lines(machine: Machine) -> Iterator[str]:
    yield "flowchart TD"
    ids = {state.name: f"s{number}" for number, state in enumerate(machine.states, start=1)}
    for state in machine.states:
        opening, closing = SHAPES.get(state.type, ("([", "])"))
        yield f"  {ids[state.name]}{opening}{_label(state.name)}{closing}:::{state.type}"
    for state in machine.states:
        for transition in state.transitions:
            arrow = "-.->" if transition.when.startswith("on ") else "-->"
            label = f"|{_label(transition.when)}|" if transition.when else ""
            yield f"  {ids[state.name]} {arrow}{label} {ids[transition.target]}"
    for type_ in sorted({state.type for state in machine.states}):
        fill, outline = COLOURS[type_]
        yield f"  classDef {type_} fill:{fill},stroke:{outline},color:#222222"


def _label(text: str) -> str:
    """Return a label in quotes, with entities for what would end or mark up its text."""
    entities = {ord(sign): f"#{ord(sign)};" for sign in '"#<>&`'}
    return f'"{"<br>".join(line.translate(entities) for line in lines(text))}"'
