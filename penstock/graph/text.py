"""The graph as text: a line for each state, and below it one for each transition."""

import click

from penstock.graph.machine import Machine, State, Transition

COLOURS = {"Task": "cyan", "Choice": "yellow", "Wait": "blue", "Succeed": "green", "Fail": "red"}


def draw(machine: Machine) -> str:
    """Return the states in the order of the definition; from one without arrows it goes on to the next line."""
    width = max(len(state.name) for state in machine.states) + len("├→ ")
    lines = [
        f"{machine.name}: {len(machine.states)} states. From a state without arrows it goes on to the next line.",
        "",
    ]
    for state, following in zip(machine.states, [*machine.states[1:], None], strict=True):
        name = click.style(f"{state.name:{width}}", fg=COLOURS.get(state.type), bold=True)
        lines.append(f"{name}  {state.does}{'' if state.transitions else ' ■'}")
        if following is None or state.transitions != (Transition(following.name),):
            lines += _arrows(state, width)
    return "\n".join(lines)


def _arrows(state: State, width: int) -> list[str]:
    signs = ["├→"] * (len(state.transitions) - 1) + ["└→"]
    return [
        f"{sign} {transition.target:{width - 3}}  {transition.when}".rstrip()
        for sign, transition in zip(signs, state.transitions, strict=False)
    ]
