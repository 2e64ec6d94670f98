"""What the roles of a pipeline, but for the workflow's, may do to deploy a model, and after."""

from collections.abc import Sequence

from penstock.spec.sections.deploy import Deploy
from penstock_constructs.alarm import Alarm
from penstock_constructs.bucket import Bucket
from penstock_constructs.key import Key
from penstock_constructs.policy import Statement, allow, arn
from penstock_constructs.steps.step import attempts
from stacks.platform import PlatformStack

_RUN = "?" * 8
_JOBS = ("Training", "Processing", "Transform")
# What of a run's folder has data in it, as hooks.tidying has it.
_DATA = ("input", "predict", "processed", "checkpoints", "output", "champion", "batch")
_DIMENSION = "sagemaker:variant:DesiredInstanceCount"


def to_serve(*, folder: str, artefacts: Bucket, alarms: Sequence[Alarm], deploy: Deploy) -> list[Statement]:
    """Return what SageMaker does with the execution role beside serving.

    It keeps what it captures, and answers requests that wait, below the pipeline's `folder` of the bucket of artefacts;
    and it looks at the alarms while a model is rolled out.
    """
    waits = deploy.kind == "async"
    kept = [*(["capture"] if deploy.capture_percent else []), *(["async/output", "async/failure"] if waits else [])]
    write = ["s3:PutObject", "s3:AbortMultipartUpload"]
    below = f"{artefacts.arn}/{folder}"
    return [
        *([allow("KeepAnswers", write, [f"{below}/{part}/*" for part in kept])] if kept else []),
        *([allow("ReadRequests", "s3:GetObject", f"{below}/async/input/*")] if waits else []),
        allow("WatchAlarms", "cloudwatch:DescribeAlarms", [alarm.arn for alarm in alarms]),
    ]


def to_smoke_test(*, endpoint: str) -> list[Statement]:
    """Return what the smoke-test hook does: it asks the endpoint for predictions."""
    return [allow("Predict", "sagemaker:InvokeEndpoint", arn("sagemaker", f"endpoint/{endpoint}"))]


def to_smoke_test_asynchronously(*, endpoint: str, folder: str, artefacts: Bucket, key: Key) -> list[Statement]:
    """Return the same for an endpoint that is asked, and answers, through S3."""
    below = f"{artefacts.arn}/{folder}/async"
    return [
        allow("Predict", "sagemaker:InvokeEndpointAsync", arn("sagemaker", f"endpoint/{endpoint}")),
        allow("Ask", "s3:PutObject", f"{below}/input/*"),
        allow("ReadAnswers", "s3:GetObject", [f"{below}/output/*", f"{below}/failure/*"]),
        allow("FindAnswers", "s3:ListBucket", artefacts.arn, {"StringLike": {"s3:prefix": f"{folder}/async/*"}}),
        key.allow_use("Encrypted", via="s3"),
    ]


def to_tidy(
    *, name: str, environment: str, runs: str, artefacts: Bucket, repositories: Sequence[str]
) -> list[Statement]:
    """Return what the tidy hook does: it looks at what there is, and removes what is the pipeline's own.

    It removes images from `repositories`, which pipelines share: so it looks at all of the environment's models,
    packages and state machines for those that one names.
    """
    configs, models = attempts("endpoint-config", name), attempts("model", name)
    return [
        allow("Endpoint", "sagemaker:DescribeEndpoint", arn("sagemaker", f"endpoint/{name}")),
        allow("Configs", ["sagemaker:DescribeEndpointConfig", "sagemaker:DeleteEndpointConfig"], configs),
        allow("Models", "sagemaker:DeleteModel", models),
        allow("Packages", "sagemaker:DeleteModelPackage", arn("sagemaker", f"model-package/{name}/*")),
        allow(
            "Named",
            ["sagemaker:DescribeModel", "sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"],
            [arn("sagemaker", f"{kind}/{environment}-*") for kind in ("model", "model-package", "model-package-group")],
        ),
        allow("Definitions", "states:DescribeStateMachine", arn("states", f"stateMachine:{environment}-*")),
        allow(
            "Images",
            ["ecr:DescribeImages", "ecr:BatchDeleteImage"],
            [arn("ecr", f"repository/{repository}") for repository in repositories],
        ),
        allow("FindRuns", "s3:ListBucket", artefacts.arn, {"StringLike": {"s3:prefix": f"{runs}/*"}}),
        allow("RemoveData", "s3:DeleteObject", [f"{artefacts.arn}/{runs}/{_RUN}/{part}/*" for part in _DATA]),
        *_to_scale_no_more(name),
    ]


def _to_scale_no_more(name: str) -> list[Statement]:
    of_variants = {
        "StringEquals": {
            "application-autoscaling:service-namespace": "sagemaker",
            "application-autoscaling:scalable-dimension": _DIMENSION,
        }
    }
    return [
        allow(
            "Scaling",
            "application-autoscaling:DeregisterScalableTarget",
            arn("application-autoscaling", "scalable-target/*"),
            of_variants,
        ),
        allow(
            "ScalingAlarms",
            "cloudwatch:DeleteAlarms",
            arn("cloudwatch", f"alarm:TargetTracking-endpoint/{name}/variant/*"),
        ),
    ]


def to_tidy_unscoped() -> list[Statement]:
    """Return what the tidy hook does that takes no resource: it lists."""
    lists = ("ListModels", "ListEndpointConfigs", "ListModelPackageGroups")
    return [
        allow("List", [f"sagemaker:{call}" for call in lists], "*"),
        allow("ListMachines", "states:ListStateMachines", "*"),
        allow("ListScaling", "application-autoscaling:DescribeScalableTargets", "*"),
    ]


def to_report_failures(
    *, name: str, jobs: Sequence[str], runs: str, platform: PlatformStack, alarms: Sequence[Alarm]
) -> list[Statement]:
    """Return what the after-failure hook does: it looks at what failed, releases the lock, and reports.

    The names of the pipeline's jobs begin with one of `jobs`.
    """
    groups = [*(f"{kind}Jobs" for kind in _JOBS), f"Endpoints/{name}"]
    streams = [f"{kind}Jobs:log-stream:{job}-*" for kind in _JOBS for job in jobs]
    logs = [*streams, f"Endpoints/{name}:log-stream:*"]
    return [
        allow(
            "ReadExecution",
            ["states:GetExecutionHistory", "states:DescribeExecution"],
            arn("states", f"execution:{name}:*"),
        ),
        allow("ReadEndpoint", "sagemaker:DescribeEndpoint", arn("sagemaker", f"endpoint/{name}")),
        *(_to_withdraw(name, alarms) if alarms else []),
        allow(
            "FindLogs", "logs:DescribeLogStreams", [arn("logs", f"log-group:/aws/sagemaker/{one}:*") for one in groups]
        ),
        allow("ReadLogs", "logs:GetLogEvents", [arn("logs", f"log-group:/aws/sagemaker/{one}") for one in logs]),
        platform.deployments.allow("ReleaseLock", ["dynamodb:UpdateItem"], endpoint=name),
        platform.key.allow_use("TableEncrypted", via="dynamodb"),
        allow("KeepReport", "s3:PutObject", f"{platform.artefacts.arn}/{runs}/{_RUN}/failure.txt"),
        platform.key.allow_write("ReportEncrypted", via="s3"),
        allow("Report", "sns:Publish", platform.topic.arn),
        platform.key.allow_use("Encrypted", via="sns"),
    ]


def _to_withdraw(name: str, alarms: Sequence[Alarm]) -> list[Statement]:
    """Return what the hook does about a model that an endpoint was taken back from."""
    packages = arn("sagemaker", f"model-package/{name}/*")
    group = arn("sagemaker", f"model-package-group/{name}")
    return [
        allow("ReadAlarms", "cloudwatch:DescribeAlarms", [alarm.arn for alarm in alarms]),
        allow("Generations", "sagemaker:ListModelPackages", [packages, group]),
        allow("Withdraw", ["sagemaker:DescribeModelPackage", "sagemaker:UpdateModelPackage"], packages),
    ]
