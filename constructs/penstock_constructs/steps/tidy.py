"""Tidy: what no run can need any more is removed."""

from collections.abc import Sequence

from penstock_constructs.hook import Hook
from penstock_constructs.policy import allow
from penstock_constructs.steps.step import LAMBDA_FAULTS, Machine, Step, task


def tidy(
    *,
    machine: Machine,
    hook: Hook,
    keep: int,
    endpoint: bool,
    scaled: Sequence[str],
    repositories: Sequence[str],
    then: str,
) -> Step:
    """Call the hook: it keeps the newest `keep` generations, and whatever is in use.

    `scaled` are the variants of the endpoint whose instances follow the load; `repositories` have the images that this
    pipeline's containers were built to.
    """
    payload = {
        "name": machine.name,
        "endpoint": machine.name if endpoint else None,
        "model": "{% $model %}",
        "keep": keep,
        "scaled": list(scaled),
        "repositories": list(repositories),
    }
    state = task(
        "lambda:invoke",
        {"FunctionName": "${TidyFunction}", "Payload": payload},
        timeout_seconds=360,  # the hook's own 300, and then some
        retry_on=LAMBDA_FAULTS,
    )
    return Step(
        states={"Tidy": state | {"Output": "{% $states.result.Payload %}", "Next": then}},
        statements=[allow("TidyInvoke", "lambda:InvokeFunction", hook.arn)],
        substitutions={"TidyFunction": hook.arn},
    )
