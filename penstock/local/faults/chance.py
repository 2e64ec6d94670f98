"""Faults chosen at random, the same ones for the same seed."""

from collections.abc import Callable
from random import Random

from penstock.local.faults.fault import Fault

# What the state machine and the hooks call, and how many of those calls in a row a run is to survive or to report.
_MACHINE = (
    "sagemaker:CreateProcessingJob",
    "sagemaker:DescribeProcessingJob",
    "sagemaker:CreateTrainingJob",
    "sagemaker:DescribeTrainingJob",
    "dynamodb:UpdateItem",
    "sagemaker:CreateModelPackage",
    "sagemaker:CreateModel",
    "sagemaker:CreateEndpointConfig",
    "sagemaker:DescribeEndpoint",
    "sagemaker:CreateEndpoint",
    "sagemaker:UpdateEndpoint",
    "lambda:Invoke",
    "sns:Publish",
)
_HOOKS = {
    "s3:ListObjectVersions": "*-prepare",
    "s3:PutObject": "*-prepare",
    "s3:CopyObject": "*-prepare",
    "sagemaker:DescribeModel": "*-find-champion",
    "s3:GetObject": "*-gate",
    "sagemaker-runtime:InvokeEndpoint": "*-smoke-test",
    "sagemaker:ListModels": "*-tidy",
}
_CALLED = ("prepare", "find-champion", "gate", "smoke-test", "tidy")
# Never throttled for good: a report that never comes through cannot be told from one that was never sent, and a state
# that never sees the end of its job waits for hours.
_STEADY = ("sns:Publish", "sagemaker:DescribeProcessingJob", "sagemaker:DescribeTrainingJob")
_MOST_FAULTS = 4


def random_faults(seed: int) -> list[Fault]:
    """Return one to four faults of calls, jobs, hooks and endpoints."""
    chance = Random(seed)  # noqa: S311  reproducible is what it must be
    return [chance.choice(_MAKERS)(chance) for _ in range(chance.randint(1, _MOST_FAULTS))]


def _throttle(chance: Random) -> Fault:
    operation = chance.choice((*_MACHINE, *_HOOKS))
    times = chance.randint(1, 3)
    always = operation in _MACHINE and operation not in _STEADY and chance.random() < 1 / 4
    return Fault(
        "throttle",
        operation=operation,
        role=_HOOKS.get(operation, "*-workflow"),
        times=1 if always else times,
        always=always,
    )


def _lose(chance: Random) -> Fault:
    return Fault("lose", operation=chance.choice(_MACHINE), role="*-workflow", times=chance.randint(1, 2))


def _timeout(chance: Random) -> Fault:
    return Fault("timeout", operation=chance.choice(_MACHINE), role="*-workflow", seconds=0.1)


def _refuse(chance: Random) -> Fault:
    operation = chance.choice(_MACHINE[:-1])
    return Fault("error", operation=operation, role="*-workflow", code="InternalFailure", message="A planned fault.")


def _deny(chance: Random) -> Fault:
    return Fault("deny", operation=chance.choice(_MACHINE[:-1]), role="*-workflow", always=True)


def _delay(chance: Random) -> Fault:
    made = ("CreateModel", "CreateEndpointConfig", "CreateEndpoint")
    return Fault("delay", operation=f"sagemaker:{chance.choice(made)}", seconds=chance.choice((0.5, 1.0, 2.0)))


def _job(chance: Random) -> Fault:
    return Fault(chance.choice(("fail", "stop", "fill")), job=chance.choice(("processing", "training")))


def _crash(chance: Random) -> Fault:
    hook, moment = chance.choice(_CALLED), chance.choice(("before", "during", "after"))
    return Fault("crash", hook=hook, moment=moment, call=chance.randint(1, 3) if moment == "during" else 1)


def _endpoint(chance: Random) -> Fault:
    status = chance.choice(("Failed", "OutOfService", "RollingBack", "UpdateRollbackFailed"))
    moment = "create" if status == "Failed" else "update"
    return Fault("endpoint", status=status, moment=moment, seconds=chance.choice((5.0, 20.0)))


def _entry(chance: Random) -> Fault:
    status = chance.choice(("Updating", "SystemUpdating", "RollingBack"))
    return Fault("endpoint", status=status, moment="entry", seconds=chance.choice((1.0, 3.0)))


def _kill(chance: Random) -> Fault:
    return Fault("kill", endpoint="*", seconds=chance.choice((0.0, 0.5)))


_MAKERS: tuple[Callable[[Random], Fault], ...] = (
    *(_throttle, _lose, _timeout, _refuse, _deny, _delay),
    *(_job, _crash, _endpoint, _entry, _kill),
)
