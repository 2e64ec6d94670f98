"""AWS::StepFunctions: state machines."""

import re

from penstock.local.deploy.intrinsics import text
from penstock.local.deploy.resources.base import Handle, Physical, ResourceType, document, lower_camel
from penstock.local.deploy.resources.shape import JSON, VALUE, Shape
from penstock.local.deploy.resources.tags import TAGS, Tagging, pairs
from penstock.local.service import JsonObject

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9_]+)\}")
_OFF: JsonObject = {"LoggingConfiguration": {"Level": "OFF"}, "TracingConfiguration": {"Enabled": False}}
_PROPERTIES: dict[str, Shape] = {
    "Definition": JSON,
    "DefinitionString": VALUE,
    "DefinitionSubstitutions": JSON,
    "LoggingConfiguration": {
        "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": VALUE}}],
        "IncludeExecutionData": VALUE,
        "Level": VALUE,
    },
    "RoleArn": VALUE,
    "StateMachineName": VALUE,
    "StateMachineType": VALUE,
    "TracingConfiguration": {"Enabled": VALUE},
}


def _expected(machine: Handle) -> Physical:
    name = machine.properties.get("StateMachineName", machine.name(80))
    arn = machine.clients.arn("states", f"stateMachine:{name}")
    return Physical(arn, {"Arn": arn, "Name": name})


def _create(machine: Handle) -> Physical:
    physical, properties = _expected(machine), machine.properties
    kind = {"type": properties["StateMachineType"]} if "StateMachineType" in properties else {}
    parameters = _parameters(properties) | kind | {"name": physical.attributes["Name"]}
    machine.client("stepfunctions").create_state_machine(**parameters)
    return physical


def _configure(machine: Handle) -> None:
    parameters = _parameters(_OFF | machine.properties)
    machine.client("stepfunctions").update_state_machine(stateMachineArn=machine.id, **parameters)


def _parameters(properties: JsonObject) -> JsonObject:
    names = ("LoggingConfiguration", "RoleArn", "TracingConfiguration")
    if ("Definition" in properties) == ("DefinitionString" in properties):
        raise ValueError("it takes either DefinitionString or Definition.")
    written = properties.get("DefinitionString") or document(properties["Definition"])
    definition = substituted(written, properties.get("DefinitionSubstitutions", {}))
    return {"definition": definition, **lower_camel({name: properties[name] for name in names if name in properties})}


def substituted(definition: str, substitutions: JsonObject) -> str:
    """Replace `${Name}` in a definition, as the text that it is, as CloudFormation does.

    Raises:
        ValueError: the definition names what is not among the substitutions.
    """
    if missing := set(_PLACEHOLDER.findall(definition)) - substitutions.keys():
        names = ", ".join(f"${{{name}}}" for name in sorted(missing))
        raise ValueError(f"DefinitionString uses {names}, which DefinitionSubstitutions does not give.")
    return _PLACEHOLDER.sub(lambda match: text(substitutions[match[1]]), definition)


STATE_MACHINE = ResourceType(
    properties=_PROPERTIES | {"Tags": TAGS},
    required=("RoleArn",),
    exists=lambda machine: machine.client("stepfunctions").describe_state_machine(
        stateMachineArn=_expected(machine).id
    ),
    create=_create,
    expected=_expected,
    configure=_configure,
    delete=lambda machine: machine.client("stepfunctions").delete_state_machine(stateMachineArn=machine.id),
    created_with=tuple(_PROPERTIES),
    replaced_by=("StateMachineName", "StateMachineType"),
    attributes=("Arn", "Name"),
    name_property="StateMachineName",
    tagging=Tagging(
        "stepfunctions",
        lambda machine: {"resourceArn": machine.id},
        tags="tags",
        keys="tagKeys",
        write=pairs("key", "value"),
    ),
)
