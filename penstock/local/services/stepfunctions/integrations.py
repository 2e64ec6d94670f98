"""Step Functions' own integrations: calls whose arguments, results and errors it shapes in its own way."""

import json
from typing import Any

from botocore.exceptions import ClientError

from penstock.local.service import JsonObject
from penstock.local.services.stepfunctions import failures
from penstock.local.services.stepfunctions.shapes import epoch_milliseconds, to_json
from penstock.local.services.stepfunctions.task import TOKEN, SdkTask
from penstock.local.services.stepfunctions.waiting import until


class OwnTask(SdkTask):
    """An integration: `sdk` is the service's name in the causes of its errors, `texts` are sent as JSON texts."""

    timestamp = staticmethod(epoch_milliseconds)
    actions: frozenset[str]
    prefix: str
    sdk: str
    texts: frozenset[str] = frozenset()

    def supports(self, action: str, condition: str | None) -> bool:
        """Is there such a call?"""
        return action in self.actions and super().supports(action, condition)

    def arguments(self, arguments: JsonObject, env: Any) -> JsonObject:  # noqa: ARG002
        """Return the arguments, with JSON where the API takes a text."""
        return {key: _text(value) if key in self.texts else value for key, value in arguments.items()}

    def result(self, env: Any, answer: JsonObject, metadata: JsonObject) -> JsonObject:  # noqa: ARG002
        """Return the answer, and what is known of the response."""
        headers = {key: [value] for key, value in metadata.get("HTTPHeaders", {}).items()}
        http = {"AllHttpHeaders": headers, "HttpHeaders": metadata.get("HTTPHeaders", {})}
        return answer | {
            "SdkHttpMetadata": {**http, "HttpStatusCode": metadata["HTTPStatusCode"]},
            "SdkResponseMetadata": {"RequestId": metadata.get("RequestId")},
        }

    def _get_sfn_resource_type(self) -> str:
        return str(self.resource.service_name)

    def _error_name(self) -> str:
        return self.prefix

    def _refused(self, error: ClientError) -> tuple[str, str]:
        modelled = type(error) is not ClientError
        name = type(error).__name__ if modelled else self.sdk.removesuffix("v2")
        answer, code = error.response["ResponseMetadata"], error.response["Error"]["Code"]
        cause = (
            f"{error.response['Error']['Message']} (Service: {self.sdk}; Status Code: {answer['HTTPStatusCode']};"
            f" Error Code: {code}; Request ID: {answer.get('RequestId')}; Proxy: null)"
        )
        return f"{self.prefix}.{name.removesuffix('Exception')}Exception", cause


class LambdaTask(OwnTask):
    """lambda:invoke; what a function raises is an error by its class's name."""

    actions, prefix, sdk = frozenset({"invoke"}), "Lambda", "AWSLambda"

    def arguments(self, arguments: JsonObject, env: Any) -> JsonObject:  # noqa: ARG002
        """Return the arguments with the payload in bytes."""
        return {**arguments, "Payload": json.dumps(arguments.get("Payload", {}), separators=(",", ":")).encode()}

    def result(self, env: Any, answer: JsonObject, metadata: JsonObject) -> JsonObject:
        """Return the answer with the payload read.

        Raises:
            FailureEventException: the function failed.
        """
        text = answer.get("Payload") or "null"
        if "FunctionError" in answer:
            failure = _json(text)
            error = failure.get("errorType", "Exception") if isinstance(failure, dict) else "Exception"
            cause = to_json(failure)
            raise failures.fail(failures.task_failed(env, error, cause, **self.where()))
        return super().result(env, answer | {"Payload": _json(text)}, metadata)


class SnsTask(OwnTask):
    """sns:publish."""

    actions, prefix, sdk, texts = frozenset({"publish"}), "SNS", "AmazonSNS", frozenset({"Message"})


class SqsTask(OwnTask):
    """sqs:sendMessage."""

    actions, prefix, sdk, texts = frozenset({"sendMessage"}), "SQS", "AmazonSQS", frozenset({"MessageBody"})


class DynamoDbTask(OwnTask):
    """dynamodb: one item."""

    actions = frozenset({"deleteItem", "getItem", "putItem", "updateItem"})
    conditions = frozenset({None})
    prefix, sdk = "DynamoDB", "AmazonDynamoDBv2"


class EventsTask(OwnTask):
    """events:putEvents; an entry that is not taken fails the task."""

    actions, prefix, sdk = frozenset({"putEvents"}), "EventBridge", "AmazonCloudWatchEvents"

    def arguments(self, arguments: JsonObject, env: Any) -> JsonObject:
        """Return the entries, each with the execution and its machine among its resources."""
        details = env.aws_execution_details
        ours = [details.execution_arn, details.machine_arn]
        entries = [
            entry
            | {"Resources": [*entry.get("Resources", []), *ours]}
            | ({"Detail": _text(entry["Detail"])} if "Detail" in entry else {})
            for entry in arguments.get("Entries", [])
        ]
        return {**arguments, "Entries": entries}

    def result(self, env: Any, answer: JsonObject, metadata: JsonObject) -> JsonObject:
        """Return the answer.

        Raises:
            FailureEventException: an entry was not taken.
        """
        if answer.get("FailedEntryCount"):
            cause = to_json(answer)
            raise failures.fail(failures.task_failed(env, "EventBridge.FailedEntry", cause, **self.where()))
        return super().result(env, answer, metadata)


class StatesTask(OwnTask):
    """states:startExecution, and with `.sync` or `.sync:2` the end of that execution."""

    actions, prefix, sdk = frozenset({"startExecution"}), "StepFunctions", "AWSStepFunctions"
    conditions = frozenset({None, TOKEN, "sync", "sync:2"})
    texts = frozenset({"Input"})

    def finish(self, env: Any, client: Any, arguments: JsonObject, started: JsonObject) -> JsonObject:  # noqa: ARG002
        """Return the execution when it has ended; one that did not succeed fails the task."""
        which = {"ExecutionArn": started["ExecutionArn"]}
        execution = until(
            env,
            look=lambda: self.call(client, "describeExecution", which)[0],
            over=lambda described: described["Status"] != "RUNNING",
            stop=lambda: self.call(client, "stopExecution", which),
        )
        if execution["Status"] != "SUCCEEDED":
            cause = to_json(execution)
            raise failures.fail(failures.task_failed(env, failures.TASK_FAILED, cause, **self.where()))
        if self.resource.condition == "sync:2":
            execution |= {key: json.loads(execution[key]) for key in ("Input", "Output") if key in execution}
        return execution


def _text(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
