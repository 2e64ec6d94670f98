"""Prepare: the input is checked and the data are pinned."""

from collections.abc import Mapping
from typing import Any

from penstock_constructs.hook import Hook
from penstock_constructs.policy import allow
from penstock_constructs.steps.step import LAMBDA_FAULTS, Step, task

_ASSIGNED = (
    *("run", "known", "generation", "folder", "data", "settings", "hyperparameters", "instance_types", "volume_keys"),
    *("champion_profile", "predict", "artefact", "image", "model_run"),
)
_EMPTY = "{% '' %}"  # validators take no empty text as it is
# What later states assign: the execution's end names all of it, whichever way it came there.
_INITIALLY = {
    "outcome": "DEPLOYED",
    "reasons": [],
    "metrics": {},
    "judged": {"challenger": {}, "champion": None, "comparison": None},
    "champion": {},
    "evaluation": _EMPTY,
    "training_job": _EMPTY,
    "training_metrics": {},
    "package": _EMPTY,
    "passed": False,
    "approved": False,
    "why": _EMPTY,
    "model": _EMPTY,
    "config": _EMPTY,
    "deployed": False,
    "former": _EMPTY,
    "status": _EMPTY,
    "serving": _EMPTY,
    "reason": _EMPTY,
    "lock_looks": 0,
    "tries": 0,
    "serves_as": "main",
    "predictions": _EMPTY,
}


def prepare(*, hook: Hook, defaults: Mapping[str, Any], image: str, then: str, known: str) -> Step:
    """Call the hook, and assign what it says the run is to use: the `defaults` where the input sets nothing else.

    The model is trained and served by `image`; if the input names a generation, it is `known`: that one's image and
    artefact are used, and nothing is trained. Every variable of the machine gets its first value here.
    """
    payload = {
        "input": "{% $states.input %}",
        "execution": "{% $states.context.Execution.Id %}",
        "image": "${TrainingImage}",
        "defaults": defaults,
    }
    state = task(
        "lambda:invoke",
        {"FunctionName": "${PrepareFunction}", "Payload": payload},
        timeout_seconds=960,  # the hook's own 900, and then some
        retry_on=LAMBDA_FAULTS,
    )
    prepared = {name: f"{{% $states.result.Payload.{name} %}}" for name in _ASSIGNED}
    is_known = {"Condition": "{% $known %}", "Next": known}
    return Step(
        states={
            "Prepare": state | {"Assign": {**prepared, **_INITIALLY}, "Next": "Known model"},
            "Known model": {"Type": "Choice", "Choices": [is_known], "Default": then},
        },
        statements=[allow("PrepareInvoke", "lambda:InvokeFunction", hook.arn)],
        substitutions={"PrepareFunction": hook.arn, "TrainingImage": image},
    )
