"""Which way an execution went through its machine."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from penstock.graph import machine
from penstock.graph.machine import Machine, Transition
from penstock.graph.structure import part_of
from penstock.run.execution import Execution, State
from penstock.run.report import duration

# The worst first: what a state was that was entered as several states is what the worst of them was.
STATUSES = ("failed", "running", "caught", "succeeded")
NOT_REACHED = "not reached"


@dataclass(frozen=True)
class Visit:
    """What became of a state: its status, one of STATUSES, for how long it went on in all, and how often."""

    status: str
    seconds: float
    times: int

    def __str__(self) -> str:
        """Show it in a few words."""
        return duration(self.seconds) + (f", {self.times} times" if self.times > 1 else "")


@dataclass(frozen=True)
class Trace:
    """The visits by the state's name, in the order of the first ones, the steps from one to the next, and a title."""

    title: str
    visits: Mapping[str, Visit]
    steps: frozenset[tuple[str, str]]

    def status(self, name: str) -> str:
        """Return what became of a state: one of STATUSES, or NOT_REACHED."""
        return self.visits[name].status if name in self.visits else NOT_REACHED


def trace_of(run: Execution) -> Trace:
    """Return the way that an execution went so far."""
    visits = {name: Visit(_status(state), state.seconds, run.path.count(name)) for name, state in run.states.items()}
    ended = run.output["outcome"] if run.status == "SUCCEEDED" else run.status
    return Trace(f"execution {run.name} · {ended}", visits, frozenset(pairwise(run.path)))


def fold(trace: Trace, whole: Machine) -> Trace:
    """Return the way through the machine that `structure.fold` makes of a whole one."""
    owners = part_of(whole)
    visits: dict[str, Visit] = {}
    for name, visit in trace.visits.items():
        before = visits.get(owners[name], replace(visit, seconds=0.0))
        status = min(before.status, visit.status, key=STATUSES.index)
        visits[owners[name]] = Visit(status, before.seconds + visit.seconds, before.times)
    steps = {(owners[source], owners[target]) for source, target in trace.steps}
    return Trace(trace.title, visits, frozenset(step for step in steps if step[0] != step[1]))


def reached(whole: Machine, trace: Trace) -> Machine:
    """Return what of a machine an execution has reached, in that order, with the transitions that it took."""
    states = {state.name: state for state in whole.states}
    return Machine(
        whole.name,
        tuple(replace(states[name], transitions=_taken(states[name], trace)) for name in trace.visits),
    )


def _taken(state: machine.State, trace: Trace) -> tuple[Transition, ...]:
    """Return the transitions that were taken; of several to one state, the one that fits what became of this one."""
    caught = trace.status(state.name) == "caught"
    found: dict[str, Transition] = {}
    for transition in sorted(state.transitions, key=lambda one: one.caught != caught):
        if (state.name, transition.target) in trace.steps:
            found.setdefault(transition.target, transition)
    return tuple(found.values())


def _status(state: State) -> str:
    if state.status == "FAILED":
        return "failed"
    if state.status == "RUNNING":
        return "running"
    return "caught" if state.caught else "succeeded"
