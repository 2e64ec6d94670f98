"""Custom resources: a function of the user's own makes them, and answers to an address that it is given.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref.html
"""

import json
import time
import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from penstock.local.deploy.intrinsics import text
from penstock.local.deploy.resources.base import (
    Handle,
    Physical,
    ResourceType,
    UnfinishedError,
    assets_bucket,
    stack_id,
)
from penstock.local.deploy.resources.shape import VALUE
from penstock.local.service import JsonObject

_TIMEOUT_SECONDS = 3600
_MOST_BYTES = 4096
_COPIED = ("LogicalResourceId", "RequestId", "StackId")
_POLL_SECONDS = (0.02, 1.0)  # the first wait, and the longest


def custom(name: str) -> ResourceType:
    """Return the type of a custom resource, such as Custom::Quota."""
    return ResourceType(
        properties={"ServiceTimeout": VALUE, "ServiceToken": VALUE},
        required=("ServiceToken",),
        create=partial(_create, name),
        expected=_expected,
        configure=partial(_update, name),
        delete=partial(_ask, name, "Delete"),
        attributes=None,
        open=True,
    )


def _expected(resource: Handle) -> Physical:
    # The id by which CloudFormation asks to delete what never said its own.
    return Physical(resource.name(255))


def _create(name: str, resource: Handle) -> Physical:
    try:
        return _ask(name, "Create", resource)
    except _FailedError as error:
        # CloudFormation asks to delete it all the same: it may have been made by half.
        raise UnfinishedError(str(error), error.physical or _expected(resource)) from error


def _update(name: str, resource: Handle) -> Physical:
    if resource.changed("ServiceToken"):
        raise ValueError("Modifying service token is not allowed. Give the resource another logical id.")
    return _ask(name, "Update", resource)


class _FailedError(ValueError):
    """The function said that it failed, or did not answer."""

    def __init__(self, message: str, physical: Physical | None = None) -> None:
        super().__init__(message)
        self.physical = physical


def _ask(name: str, request_type: str, resource: Handle) -> Physical:
    s3, request = resource.clients.operator("s3"), str(uuid.uuid4())
    where = {"Bucket": assets_bucket(resource.clients), "Key": f"custom-resources/{request}"}
    event = _event(name, request_type, resource) | {
        "RequestId": request,
        "ResponseURL": s3.generate_presigned_url("put_object", Params=where, ExpiresIn=2 * _TIMEOUT_SECONDS),
    }
    invoked = resource.clients.operator("lambda").invoke(
        FunctionName=resource.properties["ServiceToken"], Payload=json.dumps(event)
    )
    failure = invoked["Payload"].read().decode() if "FunctionError" in invoked else None
    answer = _answer(s3, where, resource, failure)
    s3.delete_object(**where)
    _check_copied(answer, event)
    return _physical(answer, resource, request_type)


def _event(name: str, request_type: str, resource: Handle) -> JsonObject:
    event: JsonObject = {
        "RequestType": request_type,
        "ServiceToken": resource.properties["ServiceToken"],
        "StackId": stack_id(resource.clients, resource.stack),
        "LogicalResourceId": resource.logical_id,
        "ResourceType": name,
        "ResourceProperties": _texts(resource.properties),
    }
    if request_type != "Create":
        event["PhysicalResourceId"] = resource.id
    if request_type == "Update":
        event["OldResourceProperties"] = _texts(resource.former)
    return event


def _texts(value: Any) -> Any:
    """Return a value with every single one in it as text, which is how CloudFormation sends them."""
    if isinstance(value, dict):
        return {key: _texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    return text(value)


def _answer(s3: Any, where: Mapping[str, str], resource: Handle, failure: str | None) -> JsonObject:
    seconds = float(resource.properties.get("ServiceTimeout", _TIMEOUT_SECONDS))
    deadline, pause = time.monotonic() + seconds, _POLL_SECONDS[0]
    while True:
        if (body := _read(s3, where)) is not None:
            return _parsed(body)
        if failure is not None:  # AWS waits for the time-out all the same
            raise _FailedError(f"its function ended with an error before it answered: {failure}")
        if time.monotonic() >= deadline:
            raise _FailedError(
                f"CloudFormation did not receive a response from your Custom Resource within {seconds:g} s. Let the "
                "function PUT its answer to ResponseURL, or raise ServiceTimeout."
            )
        time.sleep(pause)
        pause = min(2 * pause, _POLL_SECONDS[1])


def _read(s3: Any, where: Mapping[str, str]) -> bytes | None:
    try:
        body: bytes = s3.get_object(**where)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise
    return body


def _parsed(body: bytes) -> JsonObject:
    if len(body) > _MOST_BYTES:
        raise _FailedError(f"Response object is too long: {len(body)} bytes, at most {_MOST_BYTES} are allowed.")
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise _FailedError(f"Invalid Response object: it is not JSON ({error}).") from error
    if not isinstance(answer, dict) or answer.get("Status") not in {"SUCCESS", "FAILED"}:
        raise _FailedError(f"Invalid Response object: Status must be SUCCESS or FAILED in {answer!r}.")
    return answer


def _check_copied(answer: JsonObject, event: JsonObject) -> None:
    for name in _COPIED:
        if answer.get(name) != event[name]:
            raise _FailedError(
                f"Invalid Response object: {name} is {answer.get(name)!r}, and the request says {event[name]!r}. "
                "Let the function copy it from the request."
            )


def _physical(answer: JsonObject, resource: Handle, request_type: str) -> Physical:
    given, data = answer.get("PhysicalResourceId"), answer.get("Data") or {}
    if not isinstance(data, dict):
        raise _FailedError(f"Invalid Response object: Data must be an object, found {data!r}.")
    physical = Physical(str(given or resource.id), data, secret=answer.get("NoEcho") is True)
    if answer["Status"] == "FAILED":
        reason = answer.get("Reason") or "no reason was given."
        raise _FailedError(
            f"Received response status [FAILED] from custom resource. Reason: {reason}", physical if given else None
        )
    if not given and request_type != "Delete":
        raise _FailedError(f"Invalid PhysicalResourceId: the answer to {request_type} must give one, found {given!r}.")
    return physical
