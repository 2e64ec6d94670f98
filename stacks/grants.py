"""What the roles of a pipeline, but for the workflow's, may do on the way to a model that is good enough."""

from collections.abc import Sequence

import aws_cdk as cdk

from penstock_constructs.bucket import Bucket
from penstock_constructs.key import Key
from penstock_constructs.policy import Arn, Statement, allow, arn
from penstock_constructs.steps.step import attempts
from penstock_constructs.table import Deployments
from penstock_constructs.topic import Topic

# What a run's jobs write below its folder; its input and its settings are only Prepare's.
_WRITTEN = ("profile", "processed", "checkpoints", "output", "champion", "evaluation", "batch", "header", "predictions")
_RUN = "?" * 8
_JOBS = ("Training", "Processing", "Transform")
# What an instance in the account's own network takes; only creating and deleting could be scoped, and then not by us.
# https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
_JOIN_NETWORK = (
    *("CreateNetworkInterface", "CreateNetworkInterfacePermission", "DeleteNetworkInterface"),
    *("DeleteNetworkInterfacePermission", "DescribeNetworkInterfaces", "DescribeVpcs", "DescribeDhcpOptions"),
    *("DescribeSubnets", "DescribeSecurityGroups"),
)


def to_train_and_serve(
    *, runs: str, artefacts: Bucket, key: Key, repositories: Sequence[Arn], logs: Sequence[Arn]
) -> list[Statement]:
    """Return what SageMaker does with the execution role: jobs and endpoints of one pipeline.

    `runs` is the prefix of its runs in the bucket of artefacts; `repositories` have its images; `logs` are log groups
    beside those of jobs, which an account has one of for each kind.
    """
    written = [f"{artefacts.arn}/{runs}/{_RUN}/{part}/*" for part in _WRITTEN]
    images = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]
    write_logs = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
    jobs = [arn("logs", f"log-group:/aws/sagemaker/{kind}Jobs*") for kind in _JOBS]
    return [
        allow("FindRuns", "s3:ListBucket", artefacts.arn, {"StringLike": {"s3:prefix": f"{runs}/*"}}),
        allow("ReadRuns", "s3:GetObject", f"{artefacts.arn}/{runs}/*"),
        allow("WriteRuns", ["s3:PutObject", "s3:AbortMultipartUpload"], written),
        key.allow_training("Encrypted"),
        allow("PullImages", images, repositories),
        allow("Log", write_logs, [*jobs, *logs]),
    ]


def to_read_assets(*, bucket: str, keys: Sequence[str]) -> list[Statement]:
    """Return what SageMaker does with the execution role to bring programs that no image has."""
    assets = f"arn:{cdk.Aws.PARTITION}:s3:::{bucket}"
    return [
        allow("FindPrograms", "s3:ListBucket", assets, {"StringEquals": {"s3:prefix": list(keys)}}),
        allow("ReadPrograms", "s3:GetObject", [f"{assets}/{key}" for key in keys]),
    ]


def to_train_and_serve_unscoped(*, own_network: bool) -> list[Statement]:
    """Return what SageMaker does with the execution role that takes no resource."""
    namespaces = {"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}}
    joining = [allow("JoinNetwork", [f"ec2:{call}" for call in _JOIN_NETWORK], "*")] if own_network else []
    return [
        allow("LogInToRegistry", "ecr:GetAuthorizationToken", "*"),
        allow("PutMetrics", "cloudwatch:PutMetricData", "*", namespaces),
        *joining,
    ]


def to_prepare(*, name: str, runs: str, data: Bucket, artefacts: Bucket, key: Key, batch: bool) -> list[Statement]:
    """Return what the prepare hook does: it copies versions of data to where the run keeps them."""
    folder = f"{artefacts.arn}/{runs}/{_RUN}"
    return [
        allow("FindData", "s3:ListBucketVersions", data.arn),
        allow("ReadData", "s3:GetObjectVersion", f"{data.arn}/*"),
        allow(
            "PinData",
            # What is copied in parts gets its tag afterwards, as the version that it then is.
            ["s3:PutObject", "s3:PutObjectTagging", "s3:PutObjectVersionTagging", "s3:AbortMultipartUpload"],
            [f"{folder}/input/*", f"{folder}/predict/*"],
        ),
        allow(
            "RecordVersions",
            ["s3:GetObject", "s3:PutObject"],
            [f"{folder}/pinned.json", f"{folder}/settings/settings.json"],
        ),
        key.allow_use("Encrypted", via="s3"),
        allow("KnownGeneration", "sagemaker:DescribeModelPackage", arn("sagemaker", f"model-package/{name}/*")),
        *to_find_champion(name=name, runs=runs, artefacts=artefacts, batch=batch),
    ]


def to_find_champion(*, name: str, runs: str, artefacts: Bucket, batch: bool) -> list[Statement]:
    """Return what a hook does that looks for the champion: in the endpoint of that name; for `batch`, in the group."""
    packages = [arn("sagemaker", f"model-package{kind}") for kind in (f"/{name}/*", f"-group/{name}")]
    looks = [
        allow("Endpoint", "sagemaker:DescribeEndpoint", arn("sagemaker", f"endpoint/{name}")),
        allow("EndpointConfig", "sagemaker:DescribeEndpointConfig", attempts("endpoint-config", name)),
        allow("Model", ["sagemaker:DescribeModel", "sagemaker:ListTags"], attempts("model", name)),
    ]
    if batch:
        looks = [allow("Packages", ["sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"], packages)]
    return [*looks, allow("FindRuns", "s3:ListBucket", artefacts.arn, {"StringLike": {"s3:prefix": f"{runs}/*"}})]


def to_judge(*, runs: str, artefacts: Bucket, key: Key) -> list[Statement]:
    """Return what the gate hook does: it reads what the evaluation says."""
    return [
        allow("ReadEvaluation", "s3:GetObject", f"{artefacts.arn}/{runs}/{_RUN}/evaluation/evaluation.json"),
        key.allow_read("Encrypted", via="s3"),
    ]


def to_ask_approval(*, endpoint: str, table: Deployments, topic: Topic, key: Key) -> list[Statement]:
    """Return what the ask-approval hook does: it keeps the token, and asks."""
    return [
        table.allow("KeepToken", ["dynamodb:UpdateItem"], endpoint=endpoint),
        key.allow_use("TableEncrypted", via="dynamodb"),
        allow("Ask", "sns:Publish", topic.arn),
        key.allow_use("Encrypted", via="sns"),
    ]
