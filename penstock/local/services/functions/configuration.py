"""What a function is: its configuration, as CreateFunction and UpdateFunctionConfiguration take and give it."""

import base64
import hashlib
import json
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from penstock.local.service import AwsError, JsonObject

PRINCIPAL = "lambda.amazonaws.com"
_DEFAULTS: JsonObject = {
    "Description": "",
    "Timeout": 3,
    "MemorySize": 128,
    "Architectures": ["x86_64"],
    "EphemeralStorage": {"Size": 512},
    "TracingConfig": {"Mode": "PassThrough"},
    "PackageType": "Zip",
}
_TAKEN = {*_DEFAULTS, "Runtime", "Role", "Handler", "Environment", "DeadLetterConfig"}
_LEVELS = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
_MOST_ENVIRONMENT_CHARACTERS = 4_096
_RESERVED = {
    "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
}  # fmt: skip


@dataclass(frozen=True)
class Code:
    """The code of a function: the archive's digest and size, and the folder where it was unpacked."""

    sha256: str
    size: int
    folder: Path

    @staticmethod
    def digest(archive: bytes) -> str:
        """Return an archive's digest as Lambda writes it."""
        return base64.b64encode(hashlib.sha256(archive).digest()).decode()


@dataclass(frozen=True)
class Configuration:
    """A function's configuration at one time; every change makes another one."""

    name: str
    arn: str
    code: Code
    settings: JsonObject
    modified: datetime = field(default_factory=lambda: datetime.now(UTC))
    revision: str = field(default_factory=lambda: str(uuid.uuid4()))

    @classmethod
    def new(cls, name: str, arn: str, code: Code, request: JsonObject) -> Self:
        """Make the configuration of a new function.

        Raises:
            AwsError: InvalidParameterValueException.
        """
        return cls(name, arn, code, _checked(name, {**_DEFAULTS, **request}))

    def changed(self, request: JsonObject, code: Code | None = None) -> Self:
        """Return the configuration with what a request names changed.

        Raises:
            AwsError: InvalidParameterValueException.
        """
        settings = _checked(self.name, {**self.settings, **request})
        return replace(
            self, code=code or self.code, settings=settings, modified=datetime.now(UTC), revision=str(uuid.uuid4())
        )

    def __getitem__(self, key: str) -> Any:
        """Return a setting."""
        return self.settings[key]

    @property
    def variables(self) -> dict[str, str]:
        """The function's own environment variables."""
        variables: dict[str, str] = self.settings.get("Environment", {}).get("Variables", {})
        return variables

    @property
    def dead_letters(self) -> str | None:
        """Where events go that the function could not handle."""
        return self.settings.get("DeadLetterConfig", {}).get("TargetArn") or None

    @property
    def logs_json(self) -> bool:
        """Is the log one of JSON documents?"""
        return bool(self.settings["LoggingConfig"]["LogFormat"] == "JSON")

    @property
    def log_group(self) -> str:
        """The log group's name."""
        return str(self.settings["LoggingConfig"]["LogGroup"])

    def described(self) -> JsonObject:
        """Return what GetFunctionConfiguration answers."""
        optional = ("Environment", "DeadLetterConfig")
        return {
            "FunctionName": self.name,
            "FunctionArn": self.arn,
            **{key: value for key, value in self.settings.items() if key not in optional or any(value.values())},
            "CodeSize": self.code.size,
            "CodeSha256": self.code.sha256,
            "LastModified": f"{self.modified:%Y-%m-%dT%H:%M:%S}.{self.modified.microsecond // 1000:03}+0000",
            "Version": "$LATEST",
            "RevisionId": self.revision,
            "State": "Active",
            "LastUpdateStatus": "Successful",
        }


def _checked(name: str, request: JsonObject) -> JsonObject:
    settings = {key: request[key] for key in _TAKEN if key in request}
    for key in ("Runtime", "Handler"):
        if key not in settings:
            raise _invalid(f"{key} is required: the local cloud runs functions from .zip archives.")
    if not settings["Runtime"].startswith("python3."):
        raise _invalid(f"Runtime {settings['Runtime']} of {name}: the local cloud runs Python functions only.")
    _check_variables(settings.get("Environment", {}).get("Variables", {}))
    logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}", **request.get("LoggingConfig", {})}
    return {**settings, "LoggingConfig": {**(_LEVELS if logging["LogFormat"] == "JSON" else {}), **logging}}


def _check_variables(variables: dict[str, str]) -> None:
    unable = (
        "Lambda was unable to configure your environment variables because the environment variables you have provided"
    )
    if reserved := sorted(_RESERVED & variables.keys()):
        raise _invalid(
            f"{unable} contains reserved keys that are currently not supported for modification."
            f" Reserved keys used in this request: {', '.join(reserved)}"
        )
    measured = json.dumps(variables, separators=(",", ":"))
    if len(measured) > _MOST_ENVIRONMENT_CHARACTERS:
        raise _invalid(f"{unable} exceeded the 4KB limit. String measured: {measured}")


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValueException", message)
