"""The definition of the state machine, in Amazon States Language: plain JSON, as it is executed."""

import json
from collections.abc import Iterator, Mapping, Sequence

from penstock_constructs.steps.step import State, Step


def definition_string(steps: Sequence[Step], *, timeout_seconds: int, partition: str = "aws") -> str:
    """Return the definition of `steps`, begun with the first, as JSON with `${…}` for what is known when deployed.

    The partition stands in it literally: validators take no placeholder there.

    Raises:
        ValueError: two steps have a state of one name, a state leads to one that is not there, or none leads to it.
    """
    states = {name: state for step in steps for name, state in step.states.items()}
    problems = [*_repeated(steps), *_graph_problems(states, steps[0].first)]
    if problems:
        raise ValueError(
            f"The state machine is not whole: {'; '.join(problems)}. Mend it in penstock_constructs/steps."
        )
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": steps[0].first,
        "TimeoutSeconds": timeout_seconds,
        "States": states,
    }
    return json.dumps(definition, ensure_ascii=False).replace('"arn:aws:states:::', f'"arn:{partition}:states:::')


def followers(state: State) -> Iterator[str]:
    """Yield the names of the states that `state` can lead to."""
    for branch in (state, *state.get("Choices", ()), *state.get("Catch", ())):
        yield from (branch[key] for key in ("Next", "Default") if key in branch)


def _repeated(steps: Sequence[Step]) -> list[str]:
    names = [name for step in steps for name in step.states]
    return [f'there are two states "{name}"' for name in sorted({name for name in names if names.count(name) > 1})]


def _graph_problems(states: Mapping[str, State], first: str) -> list[str]:
    """Return what AWS would say only when it creates the machine, and the local interpreter only when it gets there."""
    edges = {name: set(followers(state)) for name, state in states.items()}
    reached, found = {first}, {first}
    while found:
        found = {name for origin in found & edges.keys() for name in edges[origin]} - reached
        reached |= found
    dangling = [
        f'"{name}" leads to "{target}", which is no state'
        for name, targets in edges.items()
        for target in sorted(targets - states.keys())
    ]
    return dangling + [f'nothing leads to "{name}"' for name in states if name not in reached]
