"""AWS::Lambda: functions, and who may invoke them."""

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType
from penstock.local.deploy.resources.shape import JSON, VALUE, Shape
from penstock.local.service import JsonObject

_CODE = ("Architectures", "Code")
# What Lambda gives a function that does not say; a property that is taken away goes back to it.
_DEFAULTS: JsonObject = {
    "DeadLetterConfig": {"TargetArn": ""},
    "Environment": {"Variables": {}},
    "MemorySize": 128,
    "Timeout": 3,
    "TracingConfig": {"Mode": "PassThrough"},
}
_PROPERTIES: dict[str, Shape] = {
    "Architectures": [VALUE],
    "Code": {"S3Bucket": VALUE, "S3Key": VALUE},
    "DeadLetterConfig": {"TargetArn": VALUE},
    "Environment": {"Variables": JSON},
    "FunctionName": VALUE,
    "Handler": VALUE,
    "LoggingConfig": {"LogFormat": VALUE, "LogGroup": VALUE},
    "MemorySize": VALUE,
    "Role": VALUE,
    "Runtime": VALUE,
    "Timeout": VALUE,
    "TracingConfig": {"Mode": VALUE},
}
_PERMISSION: dict[str, Shape] = {
    "Action": VALUE,
    "FunctionName": VALUE,
    "Principal": VALUE,
    "SourceArn": VALUE,
}


def _create(function: Handle) -> Physical:
    named = {"FunctionName": function.name(64)} | function.properties
    made = function.client("lambda").create_function(**named)
    return Physical(made["FunctionName"], {"Arn": made["FunctionArn"]})


def _configure(function: Handle) -> None:
    service, properties = function.client("lambda"), function.properties
    updated = service.get_waiter("function_updated_v2")  # Lambda refuses an update during another
    if function.changed(*_CODE):
        architectures = properties.get("Architectures", ["x86_64"])
        service.update_function_code(FunctionName=function.id, **properties["Code"], Architectures=architectures)
        updated.wait(FunctionName=function.id)
    if changes := _changed_configuration(function):
        service.update_function_configuration(FunctionName=function.id, **changes)
        updated.wait(FunctionName=function.id)


def _changed_configuration(function: Handle) -> JsonObject:
    logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function.id}"}
    wanted = _DEFAULTS | {"LoggingConfig": logging} | function.properties
    return {name: wanted[name] for name in _PROPERTIES if name not in _CODE and function.changed(name)}


def _permit(permission: Handle) -> Physical:
    statement = permission.name(100)
    permission.client("lambda").add_permission(StatementId=statement, **permission.properties)
    return Physical(statement)


def _forbid(permission: Handle) -> None:
    function = permission.properties["FunctionName"]
    permission.client("lambda").remove_permission(FunctionName=function, StatementId=permission.id)


FUNCTION = ResourceType(
    properties=_PROPERTIES,
    required=("Code", "Handler", "Role", "Runtime"),
    create=_create,
    configure=_configure,
    delete=lambda function: function.client("lambda").delete_function(FunctionName=function.id),
    created_with=tuple(_PROPERTIES),
    replaced_by=("FunctionName",),
    attributes=("Arn",),
    name_property="FunctionName",
)

PERMISSION = ResourceType(
    properties=_PERMISSION,
    required=("Action", "FunctionName", "Principal"),
    create=_permit,
    delete=_forbid,
    created_with=tuple(_PERMISSION),
)
