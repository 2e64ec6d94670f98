"""AWS::Lambda: functions, who may invoke them, what becomes of their events, and what their events come from."""

import io
import zipfile
from typing import Any

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType
from penstock.local.deploy.resources.removal import discard
from penstock.local.deploy.resources.shape import JSON, VALUE, Shape
from penstock.local.deploy.resources.tags import TAGS, Tagging
from penstock.local.service import JsonObject

_CODE = ("Architectures", "Code")
# What Lambda gives a function that does not say; a property that is taken away goes back to it.
_DEFAULTS: JsonObject = {
    "DeadLetterConfig": {"TargetArn": ""},
    "Description": "",
    "Environment": {"Variables": {}},
    "EphemeralStorage": {"Size": 512},
    "KmsKeyArn": "",
    "MemorySize": 128,
    "Timeout": 3,
    "TracingConfig": {"Mode": "PassThrough"},
}
_CREATED: dict[str, Shape] = {
    "Architectures": [VALUE],
    "Code": {"S3Bucket": VALUE, "S3Key": VALUE, "S3ObjectVersion": VALUE, "ZipFile": VALUE},
    "DeadLetterConfig": {"TargetArn": VALUE},
    "Description": VALUE,
    "Environment": {"Variables": JSON},
    "EphemeralStorage": {"Size": VALUE},
    "FunctionName": VALUE,
    "Handler": VALUE,
    "KmsKeyArn": VALUE,
    "LoggingConfig": {"ApplicationLogLevel": VALUE, "LogFormat": VALUE, "LogGroup": VALUE, "SystemLogLevel": VALUE},
    "MemorySize": VALUE,
    "Role": VALUE,
    "Runtime": VALUE,
    "Timeout": VALUE,
    "TracingConfig": {"Mode": VALUE},
}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def _expected(function: Handle) -> Physical:
    name = function.properties.get("FunctionName", function.name(64))
    return Physical(name, {"Arn": function.clients.arn("lambda", f"function:{name}")})


def _parameters(given: JsonObject) -> JsonObject:
    return {{"KmsKeyArn": "KMSKeyArn"}.get(name, name): value for name, value in given.items()}


def _code(function: Handle) -> JsonObject:
    code: JsonObject = function.properties["Code"]
    if "ZipFile" not in code:
        return code
    # CloudFormation makes this one file of it, in a language that has one: index.py, index.js.
    suffix = "js" if str(function.properties.get("Runtime")).startswith("node") else "py"
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr(zipfile.ZipInfo(f"index.{suffix}", _EPOCH), code["ZipFile"])
    return {"ZipFile": body.getvalue()}


def _create(function: Handle) -> Physical:
    physical = _expected(function)
    given = _parameters(function.given(*_CREATED)) | {"Code": _code(function), "FunctionName": physical.id}
    function.client("lambda").create_function(**given)
    return physical


def _configure(function: Handle) -> None:
    service, properties = function.client("lambda"), function.properties
    updated = service.get_waiter("function_updated_v2")  # Lambda refuses an update during another
    if function.changed(*_CODE):
        architectures = properties.get("Architectures", ["x86_64"])
        service.update_function_code(FunctionName=function.id, **_code(function), Architectures=architectures)
        updated.wait(FunctionName=function.id)
    if changes := _changed_configuration(function):
        service.update_function_configuration(FunctionName=function.id, **_parameters(changes))
        updated.wait(FunctionName=function.id)
    if function.changed("ReservedConcurrentExecutions"):
        if "ReservedConcurrentExecutions" in properties:
            reserved = function.given("ReservedConcurrentExecutions")
            service.put_function_concurrency(FunctionName=function.id, **reserved)
        else:
            service.delete_function_concurrency(FunctionName=function.id)


def _changed_configuration(function: Handle) -> JsonObject:
    logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function.id}"}
    wanted: dict[str, Any] = _DEFAULTS | {"LoggingConfig": logging} | function.properties
    return {name: wanted[name] for name in _CREATED if name not in _CODE and function.changed(name)}


_PERMISSION: dict[str, Shape] = {
    "Action": VALUE,
    "FunctionName": VALUE,
    "Principal": VALUE,
    "PrincipalOrgID": VALUE,
    "SourceAccount": VALUE,
    "SourceArn": VALUE,
}


def _permit(permission: Handle) -> Physical:
    statement = permission.name(100)
    permission.client("lambda").add_permission(StatementId=statement, **permission.properties)
    return Physical(statement)


def _forbid(permission: Handle) -> None:
    function = permission.properties["FunctionName"]
    permission.client("lambda").remove_permission(FunctionName=function, StatementId=permission.id)


_DESTINATIONS: Shape = {"OnFailure": {"Destination": VALUE}, "OnSuccess": {"Destination": VALUE}}
_INVOKE: dict[str, Shape] = {
    "DestinationConfig": _DESTINATIONS,
    "FunctionName": VALUE,
    "MaximumEventAgeInSeconds": VALUE,
    "MaximumRetryAttempts": VALUE,
    "Qualifier": VALUE,
}


def _invoke_config(config: Handle) -> Physical:
    return Physical(f"{config.properties['FunctionName']}|{config.properties['Qualifier']}")


def _put_invoke_config(config: Handle) -> Physical:
    config.client("lambda").put_function_event_invoke_config(**config.given(*_INVOKE))
    return _invoke_config(config)


FUNCTION = ResourceType(
    properties=_CREATED | {"ReservedConcurrentExecutions": VALUE, "Tags": TAGS},
    required=("Code", "Handler", "Role", "Runtime"),
    exists=lambda function: function.client("lambda").get_function_configuration(FunctionName=_expected(function).id),
    create=_create,
    expected=_expected,
    configure=_configure,
    delete=lambda function: function.client("lambda").delete_function(FunctionName=function.id),
    created_with=tuple(_CREATED),
    replaced_by=("FunctionName",),
    attributes=("Arn",),
    name_property="FunctionName",
    tagging=Tagging("lambda", lambda function: {"Resource": function.physical.attributes["Arn"]}, write=dict),
)

PERMISSION = ResourceType(
    properties=_PERMISSION,
    required=("Action", "FunctionName", "Principal"),
    create=_permit,
    expected=lambda permission: Physical(permission.name(100)),
    delete=_forbid,
    created_with=tuple(_PERMISSION),
)

EVENT_INVOKE_CONFIG = ResourceType(
    properties=_INVOKE,
    required=("FunctionName", "Qualifier"),
    exists=lambda config: config.client("lambda").get_function_event_invoke_config(
        **config.given("FunctionName", "Qualifier")
    ),
    create=_put_invoke_config,
    expected=_invoke_config,
    configure=_put_invoke_config,
    delete=lambda config: discard(
        config.client("lambda").delete_function_event_invoke_config, **config.given("FunctionName", "Qualifier")
    ),
    created_with=tuple(_INVOKE),
    replaced_by=("FunctionName", "Qualifier"),
)
