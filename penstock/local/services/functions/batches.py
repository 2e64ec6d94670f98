"""Messages of a queue as a function gets them, and which of them it has not dealt with.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import base64
import json
from collections.abc import Sequence
from typing import Any

from penstock.local.service import JsonObject
from penstock.local.services.events.patterns import Pattern


def event(messages: Sequence[JsonObject], queue_arn: str) -> str:
    """Return the event for a batch of messages, as ReceiveMessage gives them."""
    return json.dumps({"Records": [_record(message, queue_arn) for message in messages]})


def wanted(message: JsonObject, patterns: Sequence[str]) -> bool:
    """Tell whether one of the filters lets a message through; without filters all are wanted."""
    if not patterns:
        return True
    seen = {"body": _json(message["Body"]), "messageAttributes": _attributes(message)}
    # A pattern for a text, too, is for JSON where the body is some.
    as_text = seen | {"body": message["Body"]}
    return any(Pattern.parse(pattern).matches(form) for pattern in patterns for form in (seen, as_text))


def failed(answer: bytes, messages: Sequence[JsonObject]) -> set[str]:
    """Return the ids of the messages that a function reports as failed: all, if its report is none."""
    everything = {message["MessageId"] for message in messages}
    report = _json(answer.decode(errors="replace"))
    if report is None:
        return set()
    if not isinstance(report, dict):
        return everything
    try:
        ids = {item["itemIdentifier"] for item in report.get("batchItemFailures") or []}
    except (TypeError, KeyError):
        return everything
    return ids if ids <= everything else everything


def size(message: JsonObject) -> int:
    """Return about how many bytes of an event a message takes."""
    return len(message["Body"].encode()) + len(json.dumps(message.get("MessageAttributes", {}), default=str))


def _record(message: JsonObject, queue_arn: str) -> JsonObject:
    attributes = _attributes(message)
    digest = {"md5OfMessageAttributes": message["MD5OfMessageAttributes"]} if attributes else {}
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": attributes,
        **digest,
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }


def _attributes(message: JsonObject) -> JsonObject:
    return {name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()}


def _attribute(value: JsonObject) -> JsonObject:
    binary = value.get("BinaryValue")
    given = (
        {"binaryValue": base64.b64encode(binary).decode()} if binary else {"stringValue": value.get("StringValue", "")}
    )
    return {**given, "stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
