"""Approve: a person says whether the model may be deployed."""

from penstock_constructs.hook import Hook
from penstock_constructs.policy import allow, arn
from penstock_constructs.steps.step import LAMBDA_FAULTS, NO_ANSWER, SAGEMAKER_ERROR, Machine, State, Step, task

_HOUR = 3600
_MAX_WORDS = 1024  # of ApprovalDescription, which is one line


def approve(*, machine: Machine, hook: Hook, timeout_hours: int, then: str, rejected: str) -> Step:
    """Let the hook ask, wait for the answer, and record it in the model package; no answer is a no.

    It assigns `approved` and `why`. A model that is not approved is an outcome, not a failure.
    """
    refused = {
        "Condition": "{% $not($approved) %}",
        "Assign": {"outcome": "REJECTED", "reasons": ["{% 'not approved: ' & $why %}"]},
        "Next": rejected,
    }
    return Step(
        states={
            "Ask for approval": _ask(timeout_hours) | {"Next": "Record approval"},
            "Record approval": _record() | {"Next": "Approved"},
            "Approved": {"Type": "Choice", "Choices": [refused], "Default": then},
        },
        statements=[
            allow("AskApprovalInvoke", "lambda:InvokeFunction", hook.arn),
            allow("Approve", "sagemaker:UpdateModelPackage", arn("sagemaker", f"model-package/{machine.name}/*")),
        ],
        substitutions={"AskApprovalFunction": hook.arn},
    )


def _ask(timeout_hours: int) -> State:
    payload = {
        "token": "{% $states.context.Task.Token %}",
        "execution": "{% $states.context.Execution.Id %}",
        "run": "{% $run %}",
        "generation": "{% $generation %}",
        "package": "{% $package %}",
        "report": "{% $evaluation & 'report.html' %}",
        "judged": "{% $judged %}",
        "hours": timeout_hours,
    }
    ask = task(
        "lambda:invoke.waitForTaskToken",
        {"FunctionName": "${AskApprovalFunction}", "Payload": payload},
        timeout_seconds=timeout_hours * _HOUR,
        retry_on=LAMBDA_FAULTS,
    )
    hours = "1 hour" if timeout_hours == 1 else f"{timeout_hours} hours"
    nobody = {
        "ErrorEquals": ["States.Timeout"],
        "Assign": {"approved": False, "why": f"nobody answered within {hours}"},
        "Output": None,
        "Next": "Record approval",
    }
    # Whoever has the token can answer anything: what is not a clear yes is a no, and a reason is what SageMaker keeps.
    said = r"$replace($string($states.result.why), /\s+/, ' ')"
    answered = {
        "approved": "{% $states.result.approved = true %}",
        "why": f"{{% $exists($states.result.why) ? $substring({said}, 0, {_MAX_WORDS}) : 'no reason was given' %}}",
    }
    return ask | {"Catch": [nobody], "Assign": answered}


def _record() -> State:
    return task(
        "aws-sdk:sagemaker:updateModelPackage",
        {
            "ModelPackageArn": "{% $package %}",
            "ModelApprovalStatus": "{% $approved ? 'Approved' : 'Rejected' %}",
            "ApprovalDescription": "{% $why %}",
        },
        timeout_seconds=60,
        retry_on=[SAGEMAKER_ERROR, *NO_ANSWER],
    )
