"""The graph as a Mermaid flowchart, which GitHub and many editors draw."""

from collections.abc import Iterator

from penstock.graph.structure import shape
from penstock.graph.style import COLOURS, Drawing, lines

SHAPES = {"Task": ("[", "]"), "Choice": ("{{", "}}")}


def draw(drawing: Drawing) -> str:
    """Return a flowchart from top to bottom; what follows an error is dotted, and what was taken is thick."""
    return "\n".join(_lines(drawing))


def _lines(drawing: Drawing) -> Iterator[str]:
    machine = drawing.machine
    if drawing.title:
        yield from ("---", f"title: {drawing.title}", "---")
    yield "flowchart TD"
    ids = {state.name: f"s{number}" for number, state in enumerate(machine.states, start=1)}
    for state in machine.states:
        opening, closing = SHAPES.get(state.type, ("([", "])"))
        told = f"{state.name}\n{drawing.below(state)}" if drawing.trace and drawing.below(state) else state.name
        yield f"  {ids[state.name]}{opening}{_label(told)}{closing}:::{_class(drawing.look(state))}"
    for number, circle in enumerate(shape(machine).circles, start=1):
        yield f'  subgraph c{number}[" "]'
        yield from (f"    {ids[state.name]}" for state in machine.states if state.name in circle)
        yield "  end"
    for state in machine.states:
        for transition in state.transitions:
            dotted = "-.->" if transition.caught else "-->"
            arrow = "==>" if drawing.taken(state.name, transition.target) else dotted
            label = f"|{_label(transition.when)}|" if transition.when else ""
            yield f"  {ids[state.name]} {arrow}{label} {ids[transition.target]}"
    for look in sorted({drawing.look(state) for state in machine.states}):
        fill, outline, text = COLOURS[look]
        yield f"  classDef {_class(look)} fill:{fill},stroke:{outline},color:{text}"


def _class(look: str) -> str:
    return look.replace(" ", "_")


def _label(text: str) -> str:
    """Return a label in quotes, with entities for what would end or mark up its text."""
    entities = {ord(sign): f"#{ord(sign)};" for sign in '"#<>&`'}
    wrapped = [line.translate(entities) for part in text.split("\n") for line in lines(part)]
    return f'"{"<br>".join(wrapped)}"'
