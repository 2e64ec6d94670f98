"""The graph as text: a line for each state, and below it one for each transition."""

import click

from penstock.graph.machine import State, Transition
from penstock.graph.style import Drawing
from penstock.graph.trace import NOT_REACHED

COLOURS = {"Task": "cyan", "Choice": "yellow", "Wait": "blue", "Succeed": "green", "Fail": "red"}
# What became of a state: its sign and its colour.
_SIGNS = {
    "succeeded": ("✓", "green"),
    "caught": ("!", "yellow"),
    "failed": ("✗", "red"),
    "running": ("…", "cyan"),
    NOT_REACHED: (" ", "bright_black"),
}


def draw(drawing: Drawing) -> str:
    """Return the states in the order of the definition; from one without arrows it goes on to the next line."""
    machine = drawing.machine
    width = max(len(state.name) for state in machine.states) + len("├→ ")
    lines = [
        f"{drawing.title or machine.name}: {len(machine.states)} states. From a state without arrows it goes on to the"
        " next line.",
        "",
    ]
    for state, following in zip(machine.states, [*machine.states[1:], None], strict=True):
        told = " ".join(filter(None, (drawing.below(state), "" if state.transitions else "■")))
        lines.append(f"{_name(drawing, state, width)}  {told}" if told else _name(drawing, state, 0))
        if following is None or state.transitions != (Transition(following.name),):
            lines += _arrows(state, width, "  " if drawing.trace else "")
    return "\n".join(lines)


def _name(drawing: Drawing, state: State, width: int) -> str:
    if drawing.trace is None:
        return click.style(f"{state.name:{width}}", fg=COLOURS.get(state.type), bold=True)
    sign, colour = _SIGNS[drawing.look(state)]
    return click.style(f"{sign} {state.name:{width}}", fg=colour, bold=drawing.look(state) != NOT_REACHED)


def _arrows(state: State, width: int, indent: str) -> list[str]:
    signs = ["├→"] * (len(state.transitions) - 1) + ["└→"]
    return [
        f"{indent}{sign} {transition.target:{width - 3}}  {transition.when}".rstrip()
        for sign, transition in zip(signs, state.transitions, strict=False)
    ]
