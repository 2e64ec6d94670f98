"""The Lambda functions that the state machine calls, and their code."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import aws_s3_assets as assets
from constructs import Construct

from penstock_constructs.log_group import log_group
from penstock_constructs.policy import Statement, allow, arn
from penstock_constructs.resource import arn_of, resource
from penstock_constructs.role import Role
from penstock_constructs.topic import Topic

_TRACE = allow("Trace", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*")


class HookCode(Construct):
    """The folder that holds the `hooks` package, uploaded once for all hooks of a stack."""

    def __init__(self, scope: Construct, construct_id: str, *, folder: Path) -> None:
        super().__init__(scope, construct_id)
        # Bytecode would change the hash, and with it every template.
        asset = assets.Asset(self, "Asset", path=str(folder), exclude=["**/__pycache__"])
        self.location = {"S3Bucket": asset.s3_bucket_name, "S3Key": asset.s3_object_key}


class Hook(Construct):
    """A Lambda function that runs `handler`, with a role and a log group of its own.

    `unscoped` is what it may do that AWS cannot scope to a resource: looking for what there is. `undelivered` is told
    of events that an asynchronous call could not get through, after Lambda's own retries.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        handler: str,
        code: HookCode,
        timeout_seconds: int,
        memory_mb: int = 256,
        environment: Mapping[str, str] | None = None,
        statements: Sequence[Statement],
        unscoped: Sequence[Statement] = (),
        undelivered: Topic | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        logs = log_group(self, "Logs", name=f"/aws/lambda/{name}")
        log = allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], arn_of(logs))
        role = Role(
            self,
            "Role",
            name=name,
            service="lambda",
            source_arn=arn("lambda", f"function:{name}"),
            statements=[log, *statements],
            unscoped=[_TRACE, *unscoped],
            unscoped_reason="X-Ray and lists have no resources." if unscoped else "X-Ray has no resources.",
        )
        function = resource(
            self,
            "Resource",
            "AWS::Lambda::Function",
            {
                "FunctionName": name,
                "Handler": handler,
                "Runtime": "python3.14",
                "Architectures": ["arm64"],
                "Code": code.location,
                "Role": role.arn,
                "Timeout": timeout_seconds,
                "MemorySize": memory_mb,
                "Environment": {"Variables": environment} if environment else None,
                "LoggingConfig": {"LogFormat": "JSON", "LogGroup": logs.ref},
                "TracingConfig": {"Mode": "Active"},
                "DeadLetterConfig": {"TargetArn": undelivered.arn} if undelivered else None,
            },
        )
        self.name: str = function.ref
        self.arn = arn_of(function)
