"""The shape of a machine: which states are one, which path is the main one, and where it goes in circles."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import networkx as nx

from penstock.graph.machine import Machine, State, Transition

# A call "X" that may fail for a reason that is expected has states that look at its error, pause and try again.
_PARTS = (" error", " pause", " again")


@dataclass(frozen=True)
class Shape:
    """The names of the states on the main path, from the first to the end, and of those that make up each circle."""

    main: tuple[str, ...]
    circles: tuple[frozenset[str], ...]


def part_of(machine: Machine) -> dict[str, str]:
    """Return by its name which state each is drawn as part of; itself, if it is none."""
    names = {state.name for state in machine.states}
    owners = {name: next((name.removesuffix(end) for end in _PARTS if name.endswith(end)), name) for name in names}
    return {name: owner if owner in names else name for name, owner in owners.items()}


def fold(machine: Machine) -> Machine:
    """Return a machine in which a state's error and further attempts are part of it."""
    owners = part_of(machine)
    whole = [state for state in machine.states if owners[state.name] == state.name]
    parts: dict[str, list[State]] = {state.name: [] for state in whole}
    for state in machine.states:
        if owners[state.name] != state.name:
            parts[owners[state.name]].append(state)
    return Machine(
        machine.name,
        tuple(replace(state, transitions=_joined(state, parts[state.name], owners)) for state in whole),
    )


def shape(machine: Machine) -> Shape:
    """Return the shape of a machine.

    The main path is the longest one to an end that is no failure: what is left out, turned down or put right branches
    off it. States that lead to each other make up a circle.
    """
    every = _graph(machine.states)
    circles = tuple(frozenset(group) for group in nx.strongly_connected_components(every) if len(group) > 1)
    usual = _graph(
        replace(state, transitions=tuple(one for one in state.transitions if not one.caught))
        for state in machine.states
    )
    ends = [state for state in machine.states if not state.transitions]
    good = [state for state in ends if state.type != "Fail"]
    first = machine.states[0].name
    # What an execution has reached of a machine may have no such path, or no end yet.
    ways = (_longest(usual, first, good), _longest(every, first, good), _longest(every, first, ends))
    return Shape(next(filter(None, ways), (first,)), circles)


def _graph(states: Iterable[State]) -> "nx.DiGraph[str]":
    graph: nx.DiGraph[str] = nx.DiGraph()
    for state in states:
        graph.add_node(state.name)
        graph.add_edges_from((state.name, transition.target) for transition in state.transitions)
    return graph


def _longest(graph: "nx.DiGraph[str]", first: str, ends: Iterable[State]) -> tuple[str, ...]:
    """Return the longest path from the first state to one of the ends; an empty one if there is none."""
    whole: nx.DiGraph[Any] = nx.condensation(graph)
    group = whole.graph["mapping"]
    leading = {one for end in ends for one in ({group[end.name]} | nx.ancestors(whole, group[end.name]))}
    between = leading & ({group[first]} | nx.descendants(whole, group[first]))
    steps: list[int] = nx.dag_longest_path(whole.subgraph(between), weight=None)
    return tuple(_through(graph, whole, steps, first)) if steps else ()


def _through(graph: "nx.DiGraph[str]", whole: "nx.DiGraph[int]", steps: Iterable[int], first: str) -> Iterator[str]:
    """Yield the states of a path that is given by circles: through each of them the shortest way."""
    entry, members = first, [whole.nodes[step]["members"] for step in steps]
    for here, there in zip(members, [*members[1:], None], strict=True):
        if there is None:
            yield entry
            return
        leaving = [(source, target) for source in here for target in graph[source] if target in there]
        inside = graph.subgraph(here)
        ways = [(nx.shortest_path(inside, entry, source), target) for source, target in leaving]
        way, entry = min(ways, key=lambda found: (len(found[0]), found))
        yield from way


def _joined(state: State, parts: Iterable[State], owners: dict[str, str]) -> tuple[Transition, ...]:
    found: dict[str, Transition] = {}
    for part in (state, *parts):
        for transition in part.transitions:
            target = owners[transition.target]
            when = transition.when if part is state or not transition.when else f"on an error {transition.when}"
            if target != state.name:
                found.setdefault(target, replace(transition, target=target, when=when))
    return tuple(found.values())
