"""Smoke test: rows that the endpoint must answer."""

from collections.abc import Sequence

from penstock_constructs.hook import Hook
from penstock_constructs.policy import allow
from penstock_constructs.steps.step import LAMBDA_FAULTS, Step, task


def smoke_test(
    *,
    hook: Hook,
    endpoint: str,
    rows: Sequence[str],
    numbers: bool,
    minimum: float | None,
    maximum: float | None,
    then: str,
) -> Step:
    """Call the hook with `rows`, the header first, and what their predictions must be like."""
    payload = {
        "endpoint": endpoint,
        "rows": list(rows),
        "numbers": numbers,
        "minimum": minimum,
        "maximum": maximum,
    }
    state = task(
        "lambda:invoke",
        {"FunctionName": "${SmokeTestFunction}", "Payload": payload},
        timeout_seconds=180,  # the hook's own 120, and then some
        retry_on=LAMBDA_FAULTS,
    )
    return Step(
        states={"Smoke test": state | {"Next": then}},
        statements=[allow("SmokeTestInvoke", "lambda:InvokeFunction", hook.arn)],
        substitutions={"SmokeTestFunction": hook.arn},
    )
