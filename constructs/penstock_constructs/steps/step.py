"""What the step files have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from penstock_constructs.key import Key
from penstock_constructs.policy import Arn, Statement, arn
from penstock_constructs.role import Role

State = dict[str, Any]
# Tags of what the machine makes: it is in no stack, so they alone say whose it is.
Tags = dict[str, str]

# What Lambda itself may say of a call now and then, as against what a function raises.
# https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
LAMBDA_FAULTS = (
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    # The function's process crashed: every hook may be called again.
    "Lambda.Unknown",
    "Runtime.ExitError",
)
# A call whose answer was lost: it may have been carried out.
NO_ANSWER = ("SageMaker.SdkClientException", "States.Timeout")
# What aws-sdk:sagemaker calls every error that has no class of its own in AWS's SDK: throttling, but also validation.
SAGEMAKER_ERROR = "SageMaker.SageMakerException"


@dataclass(frozen=True)
class Machine:
    """What all steps of one state machine share: its name, and the role, the key and the tags of what it makes."""

    name: str
    role: Role
    key: Key
    tags: Tags


@dataclass(frozen=True)
class Step:
    """A step of the state machine: its states, the first of them first, and what the machine's role needs for them.

    `substitutions` are the values of the `${…}` in the states: what is known only when the stack is deployed.
    """

    states: Mapping[str, State]
    statements: Sequence[Statement] = ()
    substitutions: Mapping[str, str] = field(default_factory=dict)

    @property
    def first(self) -> str:
        """The name of the state that the step begins with."""
        return next(iter(self.states))


def task(resource: str, arguments: Any, *, timeout_seconds: int, retry_on: Sequence[str]) -> State:
    """Return a Task state, to which its Next or End, and its Assign, Output and Catch, are yet to be added.

    Retries wait 2, 6 and 15 s at most, each a random part of it, so that many executions do not come back at once.
    Without errors to retry on there are none.
    """
    retry = {
        "ErrorEquals": list(retry_on),
        "IntervalSeconds": 2,
        "MaxAttempts": 3,
        "BackoffRate": 3,
        "MaxDelaySeconds": 15,
        "JitterStrategy": "FULL",
    }
    return {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{resource}",
        "Arguments": arguments,
        "TimeoutSeconds": timeout_seconds,
        **({"Retry": [retry]} if retry_on else {}),
    }


def attempt(name: str) -> str:
    """Return the JSONata of a name that no other attempt has: `name`, the run, then the redrive and the retry, if any.

    Retries and redrives send the same arguments again, and a call whose answer was lost has used its name up.
    """
    redrives = "$states.context.Execution.RedriveCount"
    retries = "$states.context.State.RetryCount"
    return (
        f"'{name}-' & $run"
        f" & ($exists({redrives}) and {redrives} > 0 ? '-r' & $string({redrives}) : '')"
        f" & ({retries} > 0 ? '-' & $string({retries}) : '')"
    )


def attempts(kind: str, name: str) -> list[Arn]:
    """Return the ARNs of every attempt at a SageMaker resource: of `name`'s runs, not of what is named `name` and more.

    A run's id has eight characters, and each `?` stands for one.
    """
    run = "?" * 8
    return [arn("sagemaker", f"{kind}/{name}-{run}"), arn("sagemaker", f"{kind}/{name}-{run}-*")]


def tag_list(tags: Tags) -> list[dict[str, str]]:
    """Return `tags`, and the run's own, as SageMaker takes them."""
    return [{"Key": key, "Value": value} for key, value in (tags | {"penstock:run": "{% $run %}"}).items()]
