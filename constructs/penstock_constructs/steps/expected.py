"""Calls that may fail for a reason that is expected."""

from collections.abc import Mapping
from typing import Any

from penstock_constructs.steps.step import NO_ANSWER, SAGEMAKER_ERROR, State, task


def expecting(
    name: str, operation: str, arguments: Mapping[str, Any], *, when: str, then: str, done: State
) -> dict[str, State]:
    """Return the states of a SageMaker call that goes on to `then` if it fails and `when` holds of its `$cause`.

    `done` has the Next, and the Assign if any, of the call when it succeeds.

    Many errors share one name, and a Catch sees no more than that. So a Choice looks at the cause, and what is not
    expected is tried again in a state that catches nothing: it fails there, under its own name, and a redrive
    continues there.
    """
    resource = f"aws-sdk:sagemaker:{operation}"
    caught = {
        "ErrorEquals": [SAGEMAKER_ERROR],
        "Assign": {"cause": "{% $states.errorOutput.Cause %}"},
        "Next": f"{name} error",
    }
    first = task(resource, arguments, timeout_seconds=60, retry_on=NO_ANSWER)
    again = task(resource, arguments, timeout_seconds=60, retry_on=[SAGEMAKER_ERROR, *NO_ANSWER])
    return {
        name: first | {"Catch": [caught]} | done,
        f"{name} error": {
            "Type": "Choice",
            "Choices": [{"Condition": f"{{% {when} %}}", "Next": then}],
            "Default": f"{name} again",
        },
        f"{name} again": again | done,
    }
