"""Smoke test: rows that the endpoint must answer; if it answers wrongly, what it served before serves again."""

from collections.abc import Sequence
from typing import Any

from penstock_constructs.hook import Hook
from penstock_constructs.policy import allow
from penstock_constructs.steps.endpoint import CHANGING, DESCRIBED, IN_PROGRESS
from penstock_constructs.steps.endpoint_config import pipeline_folder
from penstock_constructs.steps.expected import expecting
from penstock_constructs.steps.step import LAMBDA_FAULTS, NO_ANSWER, SAGEMAKER_ERROR, Machine, State, Step, task

_FAILED = "Smoke test failed"
_WAIT = "Wait for restore"
_CAUGHT = {
    "ErrorEquals": ["SmokeTestFailed"],
    "Assign": {"smoke_cause": "{% $parse($states.errorOutput.Cause).errorMessage %}"},
    "Output": None,  # not the error: what reads this state's output expects the hook's answer, or nothing
    "Next": "Smoke test error",
}


def smoke_test(
    *,
    machine: Machine,
    hook: Hook,
    rows: Sequence[str],
    numbers: bool,
    minimum: float | None,
    maximum: float | None,
    asynchronous: bool,
    restore: dict[str, Any],
    then: str,
) -> Step:
    """Call the hook with `rows`, the header first, and what their predictions must be like.

    A challenger is asked itself. An `asynchronous` endpoint is asked through S3. `restore` is how an update is made
    that goes back to what served before.

    If they are not, the endpoint goes back to `former`, the config that it served before, and the execution fails. The
    first model that an endpoint has stays: there is nothing to go back to. Both steps, this and `deploy_endpoint`,
    must be in the machine: that one assigns `former`, and has the permissions and `PollSeconds`.
    """
    payload = {
        "endpoint": machine.name,
        "variant": "{% $serves_as = 'challenger' ? $serves_as : '' %}",
        "inbox": pipeline_folder("async/input") if asynchronous else None,
        "run": "{% $run %}",
        "rows": list(rows),
        "numbers": numbers,
        "minimum": minimum,
        "maximum": maximum,
    }
    state = task(
        "lambda:invoke",
        {"FunctionName": "${SmokeTestFunction}", "Payload": payload},
        timeout_seconds=360,  # the hook's own 300, and then some
        # Of the endpoint: an instance is being replaced, or one that is there only when called is not there yet.
        retry_on=[*LAMBDA_FAULTS, "ServiceUnavailable", "ModelNotReadyException", "InternalDependencyException"],
    )
    return Step(
        states={"Smoke test": state | {"Catch": [_CAUGHT], "Next": then}, **_restoring(machine.name, restore)},
        statements=[allow("SmokeTestInvoke", "lambda:InvokeFunction", hook.arn)],
        substitutions={"SmokeTestFunction": hook.arn},
    )


def _restoring(endpoint: str, restore: dict[str, Any]) -> dict[str, State]:
    """Return the states that put the endpoint back on `$former`, if there is one, and fail."""
    named = {"EndpointName": endpoint}
    describe = task(
        "aws-sdk:sagemaker:describeEndpoint", named, timeout_seconds=60, retry_on=[SAGEMAKER_ERROR, *NO_ANSWER]
    )
    return {
        "Smoke test error": _choice("$former != ''", "Restore endpoint"),
        **expecting(
            "Restore endpoint",
            "updateEndpoint",
            named | {"EndpointConfigName": "{% $former %}"} | restore,
            when=IN_PROGRESS,
            then=_WAIT,
            done={"Next": _WAIT},
        ),
        _WAIT: {"Type": "Wait", "Seconds": "{% ${PollSeconds} %}", "Next": "Describe restored endpoint"},
        "Describe restored endpoint": describe | {"Assign": DESCRIBED, "Next": "Check restored endpoint"},
        "Check restored endpoint": _choice(f"$status in {list(CHANGING)}", _WAIT),
        _FAILED: {"Type": "Fail", "Error": "SmokeTestFailed", "Cause": f"{{% {_cause(endpoint)} %}}"},
    }


def _choice(condition: str, then: str) -> State:
    return {
        "Type": "Choice",
        "Choices": [{"Condition": f"{{% {condition} %}}", "Next": then}],
        "Default": _FAILED,
    }


def _cause(endpoint: str) -> str:
    """Return the JSONata of what the hook said, and of what serves after all."""
    return (
        f"$smoke_cause & ' Endpoint {endpoint} '"
        " & ($status != 'InService' ? 'was to go back to ' & $former & ' and is ' & $status & ': ' & $reason"
        " : $former = '' ? 'serves ' & $serving & ': there is no former config to go back to'"
        " : $serving = $former ? 'was put back: it serves ' & $former & ' again, as before this run'"
        " : 'was to go back to ' & $former & ' and serves ' & $serving & ': ' & $reason) & '.'"
    )
