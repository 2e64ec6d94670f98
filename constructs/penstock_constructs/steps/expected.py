"""Calls that may fail for a reason that is expected."""

from typing import Any

from penstock_constructs.steps.step import NO_ANSWER, SAGEMAKER_ERROR, State, task

# How often a call is made that may yet fail as is expected: an error that passes, such as throttling, hides that.
_MOST_TRIES = 4


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

    Many errors share one name, and a Catch sees no more than that. So a Choice looks at the cause. What is not expected
    is tried again after a pause, a few times, and then in a state that catches nothing: it fails there, under its own
    name, and a redrive continues there. The variable `tries` counts, from 0 and back to it.
    """
    resource = f"aws-sdk:sagemaker:{operation}"
    caught = {
        "ErrorEquals": [SAGEMAKER_ERROR],
        "Assign": {"cause": "{% $states.errorOutput.Cause %}", "tries": "{% $tries + 1 %}"},
        "Next": f"{name} error",
    }
    looked = [{"ErrorEquals": list(NO_ANSWER), "Next": unanswered}] if unanswered else []
    retried = [] if unanswered else NO_ANSWER
    first = task(resource, arguments, timeout_seconds=60, retry_on=retried)
    again = task(resource, arguments, timeout_seconds=60, retry_on=[SAGEMAKER_ERROR, *retried])
    counted = done | {"Assign": done.get("Assign", {}) | {"tries": 0}}
    return {
        name: first | {"Catch": [caught, *looked]} | counted,
        f"{name} error": {
            "Type": "Choice",
            "Choices": [
                {"Condition": f"{{% {when} %}}", "Assign": {"tries": 0}, "Next": then},
                {"Condition": f"{{% $tries < {_MOST_TRIES} %}}", "Next": f"{name} pause"},
            ],
            "Default": f"{name} again",
        },
        f"{name} pause": {"Type": "Wait", "Seconds": "{% $tries %}", "Next": name},
        f"{name} again": again | ({"Catch": looked} if looked else {}) | counted,
    }
