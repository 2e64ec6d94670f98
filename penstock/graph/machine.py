"""A state machine as states and the transitions between them, read from its synthesised definition."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from penstock.assembly import read_stage
from penstock.errors import SynthError

_WAIT = 24  # characters of how long it is


@dataclass(frozen=True)
class Transition:
    """To which state, and when: always, "if …", "otherwise", or "on …" an error."""

    target: str
    when: str = ""

    @property
    def caught(self) -> bool:
        """Does it follow an error?"""
        return self.when.startswith("on ")


@dataclass(frozen=True)
class State:
    """A state: its type, what it does in a few words, and where it leads; nowhere at an end."""

    name: str
    type: str
    does: str
    transitions: tuple[Transition, ...]


@dataclass(frozen=True)
class Machine:
    """A state machine; the first state is the one that it starts at."""

    name: str
    states: tuple[State, ...]


def read_machine(assembly: Path, environment: str, pipeline: str) -> Machine:
    """Read the state machine of a pipeline from a cloud assembly.

    Raises:
        SynthError: nothing was synthesised yet, or not this pipeline.
        DeployError: there is no such environment, or a file is damaged.
    """
    if not (assembly / "manifest.json").is_file():
        raise SynthError(f"There is no {assembly}, from which the graph is drawn. Run `make synth` first.")
    name = f"{environment}-{pipeline}"
    machines = {
        properties["StateMachineName"]: properties["DefinitionString"]
        for stack in read_stage(assembly, environment)
        for properties in _machines(stack.template)
    }
    if name not in machines:
        known = ", ".join(sorted(machine.removeprefix(f"{environment}-") for machine in machines)) or "none"
        raise SynthError(
            f"{assembly} has no pipeline {pipeline}. Pipelines there: {known}. Run `make synth` for a new one."
        )
    return parse(name, json.loads(machines[name]))


def parse(name: str, definition: dict[str, Any]) -> Machine:
    """Return the machine that a definition in the Amazon States Language describes."""
    start = definition["StartAt"]
    ordered = sorted(definition["States"].items(), key=lambda item: item[0] != start)
    return Machine(name, tuple(_state(name, state) for name, state in ordered))


def _machines(template: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            yield resource["Properties"]


def _state(name: str, state: dict[str, Any]) -> State:
    return State(name, state["Type"], _does(state), tuple(_transitions(state)))


def _transitions(state: dict[str, Any]) -> Iterator[Transition]:
    for choice in state.get("Choices", []):
        yield Transition(choice["Next"], f"if {_expression(choice['Condition'])}")
    if "Default" in state:
        yield Transition(state["Default"], "otherwise")
    if "Next" in state:
        yield Transition(state["Next"])
    for catch in state.get("Catch", []):
        yield Transition(catch["Next"], f"on {', '.join(catch['ErrorEquals'])}")


def _does(state: dict[str, Any]) -> str:
    """Return the call of a task, the error of a failure, the time of a wait; the type of another."""
    if state["Type"] == "Task":
        return re.sub(r"^arn:[^:]+:states:::(aws-sdk:)?", "", state["Resource"])
    if state["Type"] == "Fail":
        return f"fails: {state['Error']}"
    if state["Type"] == "Wait" and "Seconds" in state:
        return f"waits {_expression(state['Seconds'], _WAIT)} s"
    return str(state["Type"]).lower()


def _expression(value: object, limit: int = 80) -> str:
    """Return a JSONata expression on one line without its {% %}, shortened."""
    text = " ".join(re.sub(r"^\{%|%\}$", "", str(value)).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
