"""Prepare: the input is checked and the data are pinned."""

from collections.abc import Mapping

from penstock_constructs.hook import Hook
from penstock_constructs.policy import allow
from penstock_constructs.steps.step import LAMBDA_FAULTS, Step, task

_ASSIGNED = ("run", "data", "output", "hyperparameters", "instance_types", "volume_keys")


def prepare(*, hook: Hook, defaults: Mapping[str, Mapping[str, str]], then: str) -> Step:
    """Call the hook, and assign what it says the run is to use: the `defaults` where the input sets nothing else.

    That is: `run`, `data`, `output`, `hyperparameters`, `instance_types` and `volume_keys`.
    """
    payload = {"input": "{% $states.input %}", "execution": "{% $states.context.Execution.Id %}", "defaults": defaults}
    state = task(
        "lambda:invoke",
        {"FunctionName": "${PrepareFunction}", "Payload": payload},
        timeout_seconds=960,  # the hook's own 900, and then some
        retry_on=LAMBDA_FAULTS,
    )
    assigned = {name: f"{{% $states.result.Payload.{name} %}}" for name in _ASSIGNED}
    return Step(
        states={"Prepare": state | {"Assign": assigned, "Next": then}},
        statements=[allow("PrepareInvoke", "lambda:InvokeFunction", hook.arn)],
        substitutions={"PrepareFunction": hook.arn},
    )
