from typing import Any

from penstock_constructs.steps.prepare import prepare

DEFAULTS = {"hyperparameters": {"n_estimators": "100"}}


def test_the_hook_is_given_the_input_and_what_to_use_without_one(thing: Any) -> None:
    assert prepare(hook=thing, defaults=DEFAULTS, then="Train").states["Prepare"]["Arguments"]["Payload"] == {
        "input": "{% $states.input %}",
        "execution": "{% $states.context.Execution.Id %}",
        "defaults": DEFAULTS,
    }


def test_what_the_hook_returns_is_assigned(thing: Any) -> None:
    state = prepare(hook=thing, defaults={}, then="Train").states["Prepare"]
    assert state["Assign"] == {
        "run": "{% $states.result.Payload.run %}",
        "data": "{% $states.result.Payload.data %}",
        "output": "{% $states.result.Payload.output %}",
        "hyperparameters": "{% $states.result.Payload.hyperparameters %}",
        "instance_types": "{% $states.result.Payload.instance_types %}",
        "volume_keys": "{% $states.result.Payload.volume_keys %}",
    }


def test_what_the_hook_raises_is_not_retried(thing: Any) -> None:
    (retry,) = prepare(hook=thing, defaults={}, then="Train").states["Prepare"]["Retry"]
    assert all(error.startswith(("Lambda.", "Runtime.")) for error in retry["ErrorEquals"])


def test_a_hook_that_crashed_is_called_again(thing: Any) -> None:
    (retry,) = prepare(hook=thing, defaults={}, then="Train").states["Prepare"]["Retry"]
    assert {"Runtime.ExitError", "Lambda.Unknown"} <= set(retry["ErrorEquals"])


def test_the_machine_may_call_this_hook_only(thing: Any) -> None:
    (statement,) = prepare(hook=thing, defaults={}, then="Train").statements
    assert (statement["Action"], statement["Resource"]) == ("lambda:InvokeFunction", thing.arn)
