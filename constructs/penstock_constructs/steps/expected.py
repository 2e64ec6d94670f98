"""Calls that may fail for a reason that is expected."""

from typing import Any

from penstock_constructs.steps.step import NO_ANSWER, SAGEMAKER_ERROR, State, task


def expecting(
    name: str,
    operation: str,
    arguments: Any,
    *,
    when: str,
    then: str,
    done: State,
    unanswered: str | None = None,
) -> dict[str, State]:
    """Return the states of a SageMaker call that goes on to `then` if it fails and `when` holds of its `$cause`.

    `done` has the Next, and the Assign if any, of the call when it succeeds. A call that got no answer is made again;
    or, where that could do twice what is to be done once, `unanswered` is the state that looks what came of it.

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
    looked = [{"ErrorEquals": list(NO_ANSWER), "Next": unanswered}] if unanswered else []
    retried = [] if unanswered else NO_ANSWER
    first = task(resource, arguments, timeout_seconds=60, retry_on=retried)
    again = task(resource, arguments, timeout_seconds=60, retry_on=[SAGEMAKER_ERROR, *retried])
    return {
        name: first | {"Catch": [caught, *looked]} | done,
        f"{name} error": {
            "Type": "Choice",
            "Choices": [{"Condition": f"{{% {when} %}}", "Next": then}],
            "Default": f"{name} again",
        },
        f"{name} again": again | ({"Catch": looked} if looked else {}) | done,
    }
