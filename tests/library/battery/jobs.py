"""Cases about jobs and gates: what does not come to a model, or not to one that is good enough."""

import time
from collections.abc import Iterator
from typing import Any

from battery.case import Case

_EXECUTION = "role=dev-tiny-execution"
# The processing jobs by what their names have, and the states that they are run in.
_PROCESSING = {"check": "Check data", "process": "Process", "evaluate": "Evaluate"}


def cases() -> Iterator[Case]:
    """Yield a training job that does not complete, in each way."""
    for fresh in (False, True):
        there = "before the first endpoint" if fresh else "beside an endpoint"
        yield _failed(f"job failed {there}", "fail=training", fresh=fresh)
        yield _failed(f"job stopped {there}", "stop=training", fresh=fresh)
        yield _failed(f"disk full {there}", "fill=training", fresh=fresh)
    for name, state in _PROCESSING.items():
        job = f"processing,name=*-{name}-*"
        yield _failed(f"{name} failed", f"fail={job}", at=state)
        yield _failed(f"{name} stopped", f"stop={job}", at=state)
        yield _failed(f"{name} hung until its time was up", f"hang={job}", at=state)
        yield _failed(f"{name}'s program failed", settings={f"break_{name}": "Bad data"}, at=state)
    yield _failed("program failed", settings={"break": "Bad data"})
    yield _failed("job hung until its time was up", "hang=training")
    yield Case(
        "the execution role may not list the data",
        (f"deny=s3:ListObjectsV2,{_EXECUTION}",),
        status="FAILED",
        error="SageMaker.AmazonSageMakerException",  # SageMaker looks before it makes the job
        at="Check data",
    )
    yield _failed("the execution role may not read the data", f"deny=s3:GetObject,{_EXECUTION}", at="Check data")
    unread = f"deny=s3:GetObject,{_EXECUTION},name=*model.tar.gz"
    yield _failed("the execution role may not read the model", unread, at="Evaluate")
    yield _failed("the execution role may not read the first model", unread, at="Evaluate", fresh=True)
    write = f"deny=s3:PutObject,{_EXECUTION}"
    yield _failed("the execution role may not write the model", f"{write},name=*model.tar.gz")
    yield _failed("the execution role may not write the evaluation", f"{write},name=*evaluation.json", at="Evaluate")
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
    for name, rmse in (("not good enough", "11"), ("not a number", "nan"), ("infinite", "inf")):
        yield Case(f"the model's metric is {name}", settings={"rmse": rmse}, outcome="REJECTED", at="Publish")


def _failed(name: str, *faults: str, at: str = "Train", **more: Any) -> Case:
    return Case(name, faults, status="FAILED", error="States.TaskFailed", at=at, **more)


def _abort(world: Any, arn: str) -> None:
    """Stop the execution as soon as its job hangs."""
    while "hang=training" in world.unmet():
        time.sleep(0.05)
    world.client("stepfunctions").stop_execution(executionArn=arn, error="Stopped", cause="By hand")
