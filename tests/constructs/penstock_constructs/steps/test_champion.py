from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.champion import find_champion
from penstock_constructs.steps.step import Step

Evaluate = Callable[..., Any]


@pytest.fixture
def step(thing: Any) -> Step:
    return find_champion(hook=thing, known="Create model", score="Score champion", then="Evaluate")


@pytest.mark.parametrize(
    ("known", "champion", "then"),
    [
        (True, {}, "Create model"),
        (True, {"run": "1", "image": "other"}, "Create model"),
        (False, {}, "Evaluate"),
        (False, {"run": "1", "image": "ours"}, "Evaluate"),
        (False, {"run": "1", "image": "other"}, "Score champion"),
    ],
)
def test_a_known_model_is_not_judged_and_a_champion_of_another_image_is_scored_first(
    step: Step, evaluate: Evaluate, champion: dict[str, str], then: str, *, known: bool
) -> None:
    state = step.states["To evaluate"]
    variables = {"known": known, "champion": champion, "image": "ours"}
    chosen = [choice["Next"] for choice in state["Choices"] if evaluate(choice["Condition"], **variables)]
    assert (chosen[0] if chosen else state["Default"]) == then


def test_the_champion_that_the_hook_found_is_assigned(step: Step, evaluate: Evaluate) -> None:
    state = step.states["Find champion"]
    payload = {"champion": {"run": "1"}}
    assert evaluate(state["Assign"]["champion"], states={"result": {"Payload": payload}}) == {"run": "1"}
    assert state["Next"] == "To evaluate"
