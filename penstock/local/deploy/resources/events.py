"""AWS::Events: buses, rules and their targets."""

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType, document
from penstock.local.deploy.resources.removal import discard
from penstock.local.deploy.resources.shape import JSON, VALUE, Shape
from penstock.local.deploy.resources.tags import TAGS, Tagging
from penstock.local.service import JsonObject

_RULE = ("Description", "EventBusName", "EventPattern", "Name", "RoleArn", "ScheduleExpression", "State")
_TARGET: Shape = {
    "Arn": VALUE,
    "DeadLetterConfig": {"Arn": VALUE},
    "Id": VALUE,
    "Input": VALUE,
    "InputPath": VALUE,
    "InputTransformer": {"InputPathsMap": JSON, "InputTemplate": VALUE},
    "RetryPolicy": {"MaximumEventAgeInSeconds": VALUE, "MaximumRetryAttempts": VALUE},
    "RoleArn": VALUE,
    "SqsParameters": {"MessageGroupId": VALUE},
}


def _expected(rule: Handle) -> Physical:
    name, bus = rule.properties.get("Name", rule.name(64)), _bus(rule)
    prefix = "" if bus == "default" else f"{bus}/"
    arn = rule.clients.arn("events", f"rule/{prefix}{name}")
    return Physical(name if bus == "default" else f"{bus}|{name}", {"Arn": arn})


def _bus(rule: Handle) -> str:
    bus: str = rule.properties.get("EventBusName", "default").rpartition("/")[2]  # it may be given by its ARN
    return bus


def _put(rule: Handle) -> Physical:
    physical = rule.physical if rule.id else _expected(rule)
    parameters = rule.given(*_RULE) | {"Name": _name(physical), "EventBusName": _bus(rule)}
    if "EventPattern" in parameters:
        parameters["EventPattern"] = document(parameters["EventPattern"])
    rule.client("events").put_rule(**{"Description": "", "State": "ENABLED"} | parameters)
    return physical


def _name(physical: Physical) -> str:
    return physical.id.rpartition("|")[2]


def _where(rule: Handle) -> JsonObject:
    return {"Rule": _name(rule.physical), "EventBusName": _bus(rule)}


def _configure(rule: Handle) -> None:
    if rule.changed(*_RULE):
        _put(rule)
    before, after = rule.former.get("Targets", []), rule.properties.get("Targets", [])
    if new := [target for target in after if target not in before]:
        answer = rule.client("events").put_targets(**_where(rule), Targets=new)
        if answer["FailedEntryCount"]:
            raise ValueError(f"targets were refused: {answer['FailedEntries']}")
    _remove_targets(rule, sorted({target["Id"] for target in before} - {target["Id"] for target in after}))


def _remove_targets(rule: Handle, ids: list[str]) -> None:
    if ids:
        discard(rule.client("events").remove_targets, **_where(rule), Ids=ids)


def _delete(rule: Handle) -> None:
    _remove_targets(rule, [target["Id"] for target in rule.properties.get("Targets", [])])
    rule.client("events").delete_rule(Name=_name(rule.physical), EventBusName=_bus(rule))


def _bus_expected(bus: Handle) -> Physical:
    name = bus.properties["Name"]
    return Physical(name, {"Arn": bus.clients.arn("events", f"event-bus/{name}"), "Name": name})


def _create_bus(bus: Handle) -> Physical:
    bus.client("events").create_event_bus(**bus.given("Name"))
    return _bus_expected(bus)


RULE = ResourceType(
    properties={**dict.fromkeys(_RULE, VALUE), "EventPattern": JSON, "Tags": TAGS, "Targets": [_TARGET]},
    exists=lambda rule: rule.client("events").describe_rule(Name=_name(_expected(rule)), EventBusName=_bus(rule)),
    create=_put,
    expected=_expected,
    configure=_configure,
    delete=_delete,
    created_with=_RULE,
    replaced_by=("EventBusName", "Name"),
    attributes=("Arn",),
    name_property="Name",
    tagging=Tagging("events", lambda rule: {"ResourceARN": rule.physical.attributes["Arn"]}),
)

EVENT_BUS = ResourceType(
    properties={"Name": VALUE, "Tags": TAGS},
    required=("Name",),
    exists=lambda bus: bus.client("events").describe_event_bus(**bus.given("Name")),
    create=_create_bus,
    expected=_bus_expected,
    delete=lambda bus: bus.client("events").delete_event_bus(Name=bus.id),
    created_with=("Name",),
    replaced_by=("Name",),
    attributes=("Arn", "Name"),
    name_property="Name",
    tagging=Tagging("events", lambda bus: {"ResourceARN": bus.physical.attributes["Arn"]}),
)
