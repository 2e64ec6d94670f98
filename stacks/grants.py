"""What the roles of a pipeline, but for the workflow's, may do with what the platform has."""

from penstock_constructs.bucket import Bucket
from penstock_constructs.key import Key
from penstock_constructs.policy import Arn, Statement, allow, arn
from penstock_constructs.topic import Topic


def to_train_and_serve(
    *, runs: str, artefacts: Bucket, key: Key, repository: str, endpoint_logs: Arn
) -> list[Statement]:
    """Return what SageMaker does with the execution role: training jobs and endpoints of one pipeline.

    `runs` is the prefix of its runs in the bucket of artefacts; `repository` has its images; `endpoint_logs` is its
    endpoint's log group. The training jobs of an account all log to one.
    """
    inputs, outputs = (f"{artefacts.arn}/{runs}/*/{part}/*" for part in ("input", "output"))
    images = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]
    write_logs = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
    return [
        allow("FindRuns", "s3:ListBucket", artefacts.arn, {"StringLike": {"s3:prefix": f"{runs}/*"}}),
        allow("ReadRuns", "s3:GetObject", [inputs, outputs]),
        allow("WriteModels", ["s3:PutObject", "s3:AbortMultipartUpload"], outputs),
        key.allow_training("Encrypted"),
        allow("PullImages", images, arn("ecr", f"repository/{repository}")),
        allow("Log", write_logs, [arn("logs", "log-group:/aws/sagemaker/TrainingJobs*"), endpoint_logs]),
    ]


def to_train_and_serve_unscoped() -> list[Statement]:
    """Return what SageMaker does with the execution role that takes no resource."""
    namespaces = {"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}}
    return [
        allow("LogInToRegistry", "ecr:GetAuthorizationToken", "*"),
        allow("PutMetrics", "cloudwatch:PutMetricData", "*", namespaces),
    ]


def to_prepare(*, runs: str, data: Bucket, artefacts: Bucket, key: Key) -> list[Statement]:
    """Return what the prepare hook does: it copies versions of data to where the run keeps them."""
    return [
        allow("FindData", "s3:ListBucketVersions", data.arn),
        allow("ReadData", "s3:GetObjectVersion", f"{data.arn}/*"),
        allow(
            "PinData",
            # What is copied in parts gets its tag afterwards, as the version that it then is.
            ["s3:PutObject", "s3:PutObjectTagging", "s3:PutObjectVersionTagging", "s3:AbortMultipartUpload"],
            f"{artefacts.arn}/{runs}/*/input/*",
        ),
        allow("RecordVersions", ["s3:GetObject", "s3:PutObject"], f"{artefacts.arn}/{runs}/*/pinned.json"),
        key.allow_use("Encrypted", via="s3"),
    ]


def to_smoke_test(*, endpoint: str) -> list[Statement]:
    """Return what the smoke-test hook does: it asks the endpoint for predictions."""
    return [allow("Predict", "sagemaker:InvokeEndpoint", arn("sagemaker", f"endpoint/{endpoint}"))]


def to_report_failures(*, machine: str, endpoint: str, topic: Topic, key: Key) -> list[Statement]:
    """Return what the after-failure hook does: it looks at the execution and the endpoint, and reports."""
    return [
        allow("ReadExecution", "states:GetExecutionHistory", arn("states", f"execution:{machine}:*")),
        allow("ReadEndpoint", "sagemaker:DescribeEndpoint", arn("sagemaker", f"endpoint/{endpoint}")),
        allow("Report", "sns:Publish", topic.arn),
        key.allow_use("Encrypted", via="sns"),
    ]
