from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.gate import gate
from penstock_constructs.steps.step import Step

RULES = {"metric": "rmse", "at_most": 1300}


@pytest.fixture
def step(thing: Any) -> Step:
    return gate(hook=thing, rules=RULES, then="Register", rejected="Release lock")


def test_the_hook_is_given_the_evaluation_and_the_rules(step: Step) -> None:
    assert step.states["Gate"]["Arguments"]["Payload"] == {
        "run": "{% $run %}",
        "evaluation": "{% $evaluation %}",
        "champion": "{% $champion %}",
        "rules": RULES,
    }


@pytest.mark.parametrize(("passed", "then"), [(True, "Register"), (False, "Release lock")])
def test_only_what_passed_goes_on(step: Step, evaluate: Callable[..., Any], then: str, *, passed: bool) -> None:
    state = step.states["Gate passed"]
    (choice,) = state["Choices"]
    assert (choice["Next"] if evaluate(choice["Condition"], passed=passed) else state["Default"]) == then


def test_a_rejection_is_an_outcome(step: Step) -> None:
    (choice,) = step.states["Gate passed"]["Choices"]
    assert choice["Assign"] == {"outcome": "REJECTED"}


def test_what_was_judged_is_assigned(step: Step) -> None:
    assert step.states["Gate"]["Assign"].keys() == {"passed", "reasons", "metrics", "judged"}
