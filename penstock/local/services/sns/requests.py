"""What SNS checks before it takes a message or a subscription."""

import json
from typing import Any
from urllib.parse import urlsplit

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.events.patterns import Pattern, PatternError

PROTOCOLS = ("email", "email-json", "http", "https", "lambda", "sqs")
_MOST_BYTES = 262_144
_MOST_SUBJECT_CHARACTERS = 100
_LOCAL = frozenset(["127.0.0.1", "localhost", "::1"])


def check_message(request: JsonObject, *, fifo: bool, by_content: bool) -> None:
    """Refuse a message that SNS would refuse.

    Raises:
        AwsError: InvalidParameter.
    """
    text = request.get("Message", "")
    if not text:
        raise invalid("Empty message")
    if len(text.encode()) + _attribute_bytes(request) > _MOST_BYTES:
        raise invalid("Message too long")
    subject = request.get("Subject")
    if subject is not None and not _is_subject(subject):
        raise invalid("Subject")
    _check_structure(request)
    _check_attributes(request)
    if fifo and not request.get("MessageGroupId"):
        raise invalid("The MessageGroupId parameter is required for FIFO topics")
    if fifo and not by_content and not request.get("MessageDeduplicationId"):
        raise invalid(
            "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided"
            " explicitly"
        )


def check_target(request: JsonObject) -> None:
    """Refuse a message that is to go to nowhere, or to several places.

    Raises:
        AwsError: InvalidParameter.
    """
    given = [name for name in ("TopicArn", "TargetArn", "PhoneNumber") if request.get(name)]
    if len(given) != 1:
        found = f"both {' and '.join(given)} were given" if given else "no value for required parameter"
        raise invalid(f"TopicArn, TargetArn or PhoneNumber Reason: exactly one is to be given, {found}")


def check_subscription(request: JsonObject) -> None:
    """Refuse a subscription that would deliver to where the local cloud does not.

    Raises:
        AwsError: InvalidParameter.
    """
    protocol, endpoint = request["Protocol"], request.get("Endpoint", "")
    if protocol not in PROTOCOLS:
        served = ", ".join(PROTOCOLS)
        raise invalid(f"Protocol {protocol}: the local cloud delivers by these only: {served}.")
    if protocol.startswith("http") and urlsplit(endpoint).hostname not in _LOCAL:
        raise invalid(
            f"Endpoint {endpoint}: the local cloud posts to this machine only, such as http://127.0.0.1:8000/."
        )
    if protocol.startswith("email") and "@" not in endpoint:
        raise invalid("Email address")
    for name, value in (request.get("Attributes") or {}).items():
        check_attribute(name, value)


def check_attribute(name: str, value: str) -> None:
    """Refuse an attribute of a subscription that is none.

    Raises:
        AwsError: InvalidParameter.
    """
    if name == "FilterPolicy" and value not in {"", "{}"}:
        try:
            Pattern.parse(value)
        except PatternError as error:
            raise invalid(f"FilterPolicy: {error}") from error
    if name == "RedrivePolicy" and value and ":sqs:" not in str(_json(value).get("deadLetterTargetArn")):
        raise invalid("RedrivePolicy: deadLetterTargetArn must be the ARN of an SQS queue")


def invalid(reason: str) -> AwsError:
    """Return the error that SNS has for anything wrong."""
    return AwsError("InvalidParameter", f"Invalid parameter: {reason}")


def _json(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {}


def _is_subject(text: str) -> bool:
    printable = text.isascii() and text.isprintable()
    return 0 < len(text) <= _MOST_SUBJECT_CHARACTERS and printable and not text[0].isspace()


def _check_structure(request: JsonObject) -> None:
    structure = request.get("MessageStructure")
    if structure is None:
        return
    if structure != "json":
        raise invalid("MessageStructure")
    default = _json(request["Message"]).get("default")
    if not isinstance(default, str):
        raise invalid("Message Structure - No default entry in JSON message body")


def _check_attributes(request: JsonObject) -> None:
    for name, value in (request.get("MessageAttributes") or {}).items():
        kind = value["DataType"].partition(".")[0]
        if kind not in {"String", "Number", "Binary"}:
            raise invalid(f"The message attribute '{name}' has an invalid message attribute type.")
        given = value.get("BinaryValue" if kind == "Binary" else "StringValue")
        if not given or not _of_type(value["DataType"], given):
            raise invalid(f"The message attribute '{name}' must contain a non-empty value of type {value['DataType']}.")


def _of_type(kind: str, value: Any) -> bool:
    try:
        if kind.startswith("Number"):
            float(value)
        elif kind == "String.Array":
            return isinstance(json.loads(value), list)
    except ValueError:
        return False
    return True


def _attribute_bytes(request: JsonObject) -> int:
    attributes = (request.get("MessageAttributes") or {}).items()
    return sum(
        len(name) + len(value["DataType"]) + len(value.get("StringValue", "").encode() or value.get("BinaryValue", b""))
        for name, value in attributes
    )
