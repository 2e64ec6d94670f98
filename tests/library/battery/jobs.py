"""Cases about training jobs and gates: what does not come to a model, or not to one that is good enough."""

import time
from collections.abc import Iterator
from typing import Any

from battery.case import Case

_EXECUTION = "role=dev-tiny-execution"


def cases() -> Iterator[Case]:
    """Yield a training job that does not complete, in each way."""
    for fresh in (False, True):
        there = "before the first endpoint" if fresh else "beside an endpoint"
        yield _failed(f"job failed {there}", "fail=training", fresh=fresh)
        yield _failed(f"job stopped {there}", "stop=training", fresh=fresh)
        yield _failed(f"disk full {there}", "fill=training", fresh=fresh)
    yield _failed("program failed", settings={"break": "Bad data"})
    yield _failed("job hung until its time was up", "hang=training")
    yield Case(
        "the execution role may not list the data",
        (f"deny=s3:ListObjectsV2,{_EXECUTION}",),
        status="FAILED",
        error="SageMaker.AmazonSageMakerException",  # SageMaker looks before it makes the job
        at="Train",
    )
    yield _failed("the execution role may not read the data", f"deny=s3:GetObject,{_EXECUTION}")
    yield _failed("the execution role may not write the model", f"deny=s3:PutObject,{_EXECUTION}")
    for name, fault in (("", ()), (", and stopping the job is throttled", ("throttle=sagemaker:StopTrainingJob",))):
        yield Case(
            f"execution aborted while its job hung{name}",
            ("hang=training", *fault),
            meanwhile=_abort,
            status="ABORTED",
            error="Stopped",
            at="Train",
        )
    looking = "sagemaker:DescribeTrainingJob,role=*-workflow"
    yield Case("looking at the job is throttled", (f"throttle={looking},times=3",))
    yield Case("looking at the job times out", (f"timeout={looking},seconds=0.1",))
    yield Case("the model is not good enough", settings={"rmse": "11"}, at="Rejected", serves="former")


def _failed(name: str, *faults: str, **more: Any) -> Case:
    return Case(name, faults, status="FAILED", error="States.TaskFailed", at="Train", **more)


def _abort(world: Any, arn: str) -> None:
    """Stop the execution as soon as its job hangs."""
    while "hang=training" in world.unmet():
        time.sleep(0.05)
    world.client("stepfunctions").stop_execution(executionArn=arn, error="Stopped", cause="By hand")
