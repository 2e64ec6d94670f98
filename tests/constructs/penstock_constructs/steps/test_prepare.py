from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.prepare import prepare
from penstock_constructs.steps.step import Step

DEFAULTS = {"hyperparameters": {"n_estimators": "100"}}


@pytest.fixture
def step(thing: Any) -> Step:
    return prepare(hook=thing, defaults=DEFAULTS, image="image", then="Check data", known="Take lock")


def test_the_hook_is_given_the_input_and_what_to_use_without_one(step: Step) -> None:
    assert step.states["Prepare"]["Arguments"]["Payload"] == {
        "input": "{% $states.input %}",
        "execution": "{% $states.context.Execution.Id %}",
        "image": "${TrainingImage}",
        "defaults": DEFAULTS,
    }


def test_what_the_hook_returns_is_assigned(step: Step) -> None:
    assigned = step.states["Prepare"]["Assign"]
    returned = {name for name, value in assigned.items() if value == f"{{% $states.result.Payload.{name} %}}"}
    assert returned == {
        *("run", "known", "generation", "folder", "data", "settings", "hyperparameters", "instance_types"),
        *("volume_keys", "champion_profile", "predict", "artefact", "image", "model_run"),
    }


def test_what_the_end_names_has_a_value_from_the_beginning(step: Step) -> None:
    named = {"outcome", "reasons", "metrics", "judged", "evaluation", "model", "config", "generation"}
    assert named <= step.states["Prepare"]["Assign"].keys()


@pytest.mark.parametrize(("known", "then"), [(True, "Take lock"), (False, "Check data")])
def test_a_known_model_is_not_trained(step: Step, evaluate: Callable[..., Any], then: str, *, known: bool) -> None:
    state = step.states["Known model"]
    (choice,) = state["Choices"]
    assert (choice["Next"] if evaluate(choice["Condition"], known=known) else state["Default"]) == then


def test_what_the_hook_raises_is_not_retried(step: Step) -> None:
    (retry,) = step.states["Prepare"]["Retry"]
    assert all(error.startswith(("Lambda.", "Runtime.")) for error in retry["ErrorEquals"])


def test_a_hook_that_crashed_is_called_again(step: Step) -> None:
    (retry,) = step.states["Prepare"]["Retry"]
    assert {"Runtime.ExitError", "Lambda.Unknown"} <= set(retry["ErrorEquals"])


def test_the_machine_may_call_this_hook_only(step: Step, thing: Any) -> None:
    (statement,) = step.statements
    assert (statement["Action"], statement["Resource"]) == ("lambda:InvokeFunction", thing.arn)
