from typing import Any

from penstock_constructs.steps.prepare import prepare


def test_what_the_hook_returns_is_assigned(thing: Any) -> None:
    state = prepare(hook=thing, then="Train").states["Prepare"]
    assert state["Assign"] == {
        "run": "{% $states.result.Payload.run %}",
        "data": "{% $states.result.Payload.data %}",
        "output": "{% $states.result.Payload.output %}",
        "hyperparameters": "{% $states.result.Payload.hyperparameters %}",
        "instance_types": "{% $states.result.Payload.instance_types %}",
        "volume_keys": "{% $states.result.Payload.volume_keys %}",
    }


def test_what_the_hook_raises_is_not_retried(thing: Any) -> None:
    (retry,) = prepare(hook=thing, then="Train").states["Prepare"]["Retry"]
    assert all(error.startswith("Lambda.") for error in retry["ErrorEquals"])


def test_the_machine_may_call_this_hook_only(thing: Any) -> None:
    (statement,) = prepare(hook=thing, then="Train").statements
    assert (statement["Action"], statement["Resource"]) == ("lambda:InvokeFunction", thing.arn)
