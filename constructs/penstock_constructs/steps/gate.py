"""Gate: a model that is not good enough is not deployed."""

from collections.abc import Mapping
from typing import Any

from penstock_constructs.hook import Hook
from penstock_constructs.policy import allow
from penstock_constructs.steps.step import LAMBDA_FAULTS, Step, task

_ASSIGNED = ("passed", "reasons", "metrics", "judged")


def gate(*, hook: Hook, rules: Mapping[str, Any] | None, then: str, rejected: str) -> Step:
    """Let the hook hold `evaluation` against the spec's `rules`, if it has any.

    It assigns whether the model `passed`, and if not the `reasons`; its `metrics`; and what was `judged`: challenger,
    champion, and how they compare. A model that does not pass is an outcome, not a failure: what is served stays.
    """
    payload = {
        "run": "{% $run %}",
        "evaluation": "{% $evaluation %}",
        "champion": "{% $champion %}",
        "rules": rules,
    }
    state = task(
        "lambda:invoke",
        {"FunctionName": "${GateFunction}", "Payload": payload},
        timeout_seconds=120,
        retry_on=LAMBDA_FAULTS,
    )
    assigned = {name: f"{{% $states.result.Payload.{name} %}}" for name in _ASSIGNED}
    refused = {"Condition": "{% $not($passed) %}", "Assign": {"outcome": "REJECTED"}, "Next": rejected}
    return Step(
        states={
            "Gate": state | {"Assign": assigned, "Next": "Gate passed"},
            "Gate passed": {"Type": "Choice", "Choices": [refused], "Default": then},
        },
        statements=[allow("GateInvoke", "lambda:InvokeFunction", hook.arn)],
        substitutions={"GateFunction": hook.arn},
    )
