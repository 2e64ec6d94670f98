"""AWS::Lambda::EventSourceMapping: the queues that a function's events come from."""

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType
from penstock.local.deploy.resources.shape import VALUE, Shape
from penstock.local.service import JsonObject

# What Lambda gives a mapping that does not say; a property that is taken away goes back to it.
_DEFAULTS: JsonObject = {
    "BatchSize": 10,
    "Enabled": True,
    "FilterCriteria": {},
    "FunctionResponseTypes": [],
    "MaximumBatchingWindowInSeconds": 0,
    "ScalingConfig": {},
}
_PROPERTIES: dict[str, Shape] = {
    "BatchSize": VALUE,
    "Enabled": VALUE,
    "EventSourceArn": VALUE,
    "FilterCriteria": {"Filters": [{"Pattern": VALUE}]},
    "FunctionName": VALUE,
    "FunctionResponseTypes": [VALUE],
    "MaximumBatchingWindowInSeconds": VALUE,
    "ScalingConfig": {"MaximumConcurrency": VALUE},
}


def _physical(mapping: Handle, identity: str) -> Physical:
    arn = mapping.clients.arn("lambda", f"event-source-mapping:{identity}")
    return Physical(identity, {"EventSourceMappingArn": arn, "Id": identity})


def _create(mapping: Handle) -> Physical:
    made = mapping.client("lambda").create_event_source_mapping(**mapping.given(*_PROPERTIES))
    return _physical(mapping, made["UUID"])


def _expected(mapping: Handle) -> Physical | None:
    # A function has at most one mapping of a queue.
    listed = mapping.client("lambda").list_event_source_mappings(**mapping.given("EventSourceArn", "FunctionName"))
    return next((_physical(mapping, entry["UUID"]) for entry in listed["EventSourceMappings"]), None)


def _configure(mapping: Handle) -> None:
    wanted = _DEFAULTS | mapping.properties
    changes = {name: wanted[name] for name in (*_DEFAULTS, "FunctionName") if mapping.changed(name)}
    mapping.client("lambda").update_event_source_mapping(UUID=mapping.id, **changes)


EVENT_SOURCE_MAPPING = ResourceType(
    properties=_PROPERTIES,
    required=("EventSourceArn", "FunctionName"),
    exists=_expected,
    create=_create,
    expected=_expected,
    configure=_configure,
    delete=lambda mapping: mapping.client("lambda").delete_event_source_mapping(UUID=mapping.id),
    created_with=tuple(_PROPERTIES),
    replaced_by=("EventSourceArn",),
    attributes=("EventSourceMappingArn", "Id"),
)
