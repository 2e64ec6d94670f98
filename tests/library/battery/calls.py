"""Cases about AWS calls: what the state machine, the hooks and SageMaker call, and what can go wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass

from battery.case import Case

_WORKFLOW = "dev-tiny-workflow"


@dataclass(frozen=True)
class Call:
    """A call that a run makes: by which role, in which state; and the error that it fails with for good."""

    operation: str
    role: str
    at: str
    error: str
    name: str = "*"  # tells calls of one operation apart
    fresh: bool = False  # it is made where there is no endpoint
    again: str = ""  # the state that a call which failed is made again in
    serves: str = ""  # what is served after it has failed for good

    @property
    def where(self) -> str:
        """What a fault needs to be about this call only."""
        return f"role={self.role}" + (f",name={self.name}" if self.name != "*" else "")

    @property
    def title(self) -> str:
        """The call in a case's name."""
        what = self.name.removeprefix("*/")
        return f"{self.operation} {f'of {what} ' if what != self.name else ''}at {self.at}"


_SAGEMAKER = "SageMaker.SageMakerException"
_JOB = "SageMaker.AmazonSageMakerException"
_HOOK = "Lambda.TooManyRequestsException"
_TABLE = "DynamoDB.ProvisionedThroughputExceededException"
MACHINE = (
    Call("lambda:Invoke", _WORKFLOW, "Prepare", _HOOK, name="*prepare"),
    Call("sagemaker:CreateProcessingJob", _WORKFLOW, "Check data", _JOB, name="*-check-*"),
    Call("sagemaker:CreateProcessingJob", _WORKFLOW, "Process", _JOB, name="*-process-*"),
    Call("sagemaker:CreateTrainingJob", _WORKFLOW, "Train", _JOB),
    Call("dynamodb:UpdateItem", _WORKFLOW, "Take lock", _TABLE, name="SET *"),
    Call("lambda:Invoke", _WORKFLOW, "Find champion", _HOOK, name="*find-champion"),
    Call("sagemaker:CreateProcessingJob", _WORKFLOW, "Evaluate", _JOB, name="*-evaluate-*"),
    Call("lambda:Invoke", _WORKFLOW, "Gate", _HOOK, name="*gate"),
    Call("sagemaker:CreateModelPackage", _WORKFLOW, "Register", _SAGEMAKER, again="Register again"),
    Call("sagemaker:CreateModel", _WORKFLOW, "Create model", _SAGEMAKER),
    Call("sagemaker:CreateEndpointConfig", _WORKFLOW, "Create endpoint config", _SAGEMAKER),
    Call("sagemaker:DescribeEndpoint", _WORKFLOW, "Describe endpoint", _SAGEMAKER, again="Describe endpoint again"),
    Call(
        "sagemaker:CreateEndpoint",
        _WORKFLOW,
        "Create endpoint",
        _SAGEMAKER,
        fresh=True,
        again="Create endpoint again",
    ),
    Call("sagemaker:UpdateEndpoint", _WORKFLOW, "Update endpoint", _SAGEMAKER, again="Update endpoint again"),
    Call("lambda:Invoke", _WORKFLOW, "Smoke test", _HOOK, name="*smoke-test", serves="new"),
    Call("lambda:Invoke", _WORKFLOW, "Tidy", _HOOK, name="*tidy", serves="new"),
    Call("dynamodb:UpdateItem", _WORKFLOW, "Release lock", _TABLE, name="REMOVE *", serves="new"),
    Call("sns:Publish", _WORKFLOW, "Publish", "SNS.ThrottledException", serves="new"),
)
_PREPARE, _CHAMPION, _TIDY = "dev-tiny-prepare", "dev-tiny-find-champion", "dev-tiny-tidy"
HOOKS = (
    Call("s3:ListObjectVersions", _PREPARE, "Prepare", "ClientError"),
    Call("s3:PutObject", _PREPARE, "Prepare", "ClientError", name="*/pinned.json"),
    Call("s3:HeadObject", _PREPARE, "Prepare", "ClientError"),
    Call("s3:CopyObject", _PREPARE, "Prepare", "ClientError"),
    Call("s3:PutObject", _PREPARE, "Prepare", "ClientError", name="*/settings.json"),
    Call("sagemaker:DescribeEndpoint", _PREPARE, "Prepare", "ClientError"),
    Call("sagemaker:DescribeEndpointConfig", _CHAMPION, "Find champion", "ClientError"),
    Call("sagemaker:DescribeModel", _CHAMPION, "Find champion", "ClientError"),
    Call("sagemaker:ListTags", _CHAMPION, "Find champion", "ClientError"),
    Call("s3:ListObjectsV2", _CHAMPION, "Find champion", "ClientError"),
    Call("s3:GetObject", "dev-tiny-gate", "Gate", "ClientError"),
    Call("sagemaker-runtime:InvokeEndpoint", "dev-tiny-smoke-test", "Smoke test", "ClientError", serves="new"),
    Call("sagemaker:ListModels", _TIDY, "Tidy", "ClientError", serves="new"),
    Call("sagemaker:ListEndpointConfigs", _TIDY, "Tidy", "ClientError", serves="new"),
    Call("sagemaker:ListModelPackages", _TIDY, "Tidy", "ClientError", serves="new"),
    Call("sagemaker:DescribeModelPackage", _TIDY, "Tidy", "ClientError", serves="new"),
    Call("s3:ListObjectsV2", _TIDY, "Tidy", "ClientError", serves="new"),
    Call("ecr:DescribeImages", _TIDY, "Tidy", "ClientError", serves="new"),
    Call("application-autoscaling:DescribeScalableTargets", _TIDY, "Tidy", "ClientError", serves="new"),
)
REPORTING = (
    Call("stepfunctions:GetExecutionHistory", "dev-tiny-after-failure", "Train", ""),
    Call("sagemaker:DescribeEndpoint", "dev-tiny-after-failure", "Train", ""),
    Call("sns:Publish", "dev-tiny-after-failure", "Train", ""),
)


def of_the_machine() -> Iterator[Case]:
    """Yield each call of the machine, gone wrong in each way."""
    role = f"role={_WORKFLOW}"
    for times in (1, 3):
        fault = f"throttle=sagemaker:DescribeEndpoint,{role},times={times}"
        yield Case(f"throttled {times} times where there is no endpoint", (fault,), fresh=True)
    for call in MACHINE:
        fault = f"{call.operation},{call.where}"
        yield Case(f"throttled once: {call.title}", (f"throttle={fault}",), fresh=call.fresh)
        yield Case(f"throttled three times: {call.title}", (f"throttle={fault},times=3",), fresh=call.fresh)
        yield _for_good(call, f"throttled for ever: {call.title}", f"throttle={fault},always=true", call.error)
        yield Case(f"response lost: {call.title}", (f"lose={fault}",), fresh=call.fresh)
        yield Case(f"timed out: {call.title}", (f"timeout={fault},seconds=0.2",), fresh=call.fresh)
        failure = f"error={fault},code={_FAILURES[call.operation.partition(':')[0]]},http=500"
        yield Case(f"failed inside AWS: {call.title}", (failure,), fresh=call.fresh)
        yield _for_good(call, f"denied: {call.title}", f"deny={fault}", _DENIED.get(call.operation, call.error))


def of_the_hooks() -> Iterator[Case]:
    """Yield each call of the hooks that a run waits for, gone wrong; their client tries four times again."""
    for call in HOOKS:
        fault = f"{call.operation},{call.where}"
        yield Case(f"throttled once: {call.title}", (f"throttle={fault}",))
        yield Case(f"throttled three times: {call.title}", (f"throttle={fault},times=3",))
        yield _for_good(call, f"throttled for ever: {call.title}", f"throttle={fault},always=true", call.error)
        yield Case(f"response lost: {call.title}", (f"lose={fault}",))
        yield Case(f"timed out: {call.title}", (f"timeout={fault},seconds=0.1",))
        yield _for_good(call, f"denied: {call.title}", f"deny={fault}", _DENIED.get(call.operation, call.error))


def of_the_report() -> Iterator[Case]:
    """Yield the calls of the hook that reports a failure, gone wrong.

    People are told all the same, in the end by what Lambda sends on; but not where the topic itself takes nothing from
    the hook's role, which is what the alarms are for. Told twice is better than not at all.
    """
    for call in REPORTING:
        fault, telling = f"{call.operation},{call.where}", call.operation == "sns:Publish"
        for name, line, reports in (
            ("throttled once", f"throttle={fault}", (1, 1)),
            ("throttled for ever", f"throttle={fault},always=true", (0, 0) if telling else (1, 1)),
            ("response lost", f"lose={fault}", (1, 2) if telling else (1, 1)),
            ("denied", f"deny={fault}", (0, 0) if telling else (1, 1)),
        ):
            yield Case(
                f"{name}: {call.operation} of the report",
                ("fail=training", line),
                status="FAILED",
                error="States.TaskFailed",
                at="Train",
                reports=reports,
            )


_FAILURES = {
    "dynamodb": "InternalServerError",
    "lambda": "ServiceException",
    "sagemaker": "InternalFailure",
    "sns": "InternalError",
}
_DENIED = {
    "dynamodb:UpdateItem": "DynamoDB.AmazonDynamoDBException",
    "lambda:Invoke": "Lambda.AWSLambdaException",
    "sns:Publish": "SNS.AuthorizationErrorException",
    "s3:GetObject": "AccessDenied",
    "s3:ListObjectVersions": "AccessDenied",
    "s3:ListObjectsV2": "AccessDenied",
    "s3:PutObject": "AccessDenied",
    "s3:CopyObject": "AccessDenied",
}


def _for_good(call: Call, name: str, fault: str, error: str) -> Case:
    serves = call.serves or None
    return Case(
        name,
        (fault,),
        fresh=call.fresh,
        status="FAILED",
        error=error,
        at=call.again or call.at,
        serves=serves,  # type: ignore[arg-type]
    )
