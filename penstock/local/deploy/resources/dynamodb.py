"""AWS::DynamoDB: tables."""

from typing import Any

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType
from penstock.local.deploy.resources.shape import VALUE, Shape
from penstock.local.deploy.resources.tags import TAGS, Tagging
from penstock.local.service import JsonObject

_KEYS: Shape = [{"AttributeName": VALUE, "KeyType": VALUE}]
_PROJECTION: Shape = {"NonKeyAttributes": [VALUE], "ProjectionType": VALUE}
_THROUGHPUT: Shape = {"ReadCapacityUnits": VALUE, "WriteCapacityUnits": VALUE}
_INDEX: dict[str, Shape] = {"IndexName": VALUE, "KeySchema": _KEYS, "Projection": _PROJECTION}
_CREATED: dict[str, Shape] = {
    "AttributeDefinitions": [{"AttributeName": VALUE, "AttributeType": VALUE}],
    "BillingMode": VALUE,
    "DeletionProtectionEnabled": VALUE,
    "GlobalSecondaryIndexes": [_INDEX | {"ProvisionedThroughput": _THROUGHPUT}],
    "KeySchema": _KEYS,
    "LocalSecondaryIndexes": [_INDEX],
    "ProvisionedThroughput": _THROUGHPUT,
    "SSESpecification": {"KMSMasterKeyId": VALUE, "SSEEnabled": VALUE, "SSEType": VALUE},
    "StreamSpecification": {"StreamViewType": VALUE},
    "TableClass": VALUE,
    "TableName": VALUE,
}
# What a table has that does not say; a property that is taken away goes back to it.
_DEFAULTS: JsonObject = {
    "BillingMode": "PROVISIONED",
    "DeletionProtectionEnabled": False,
    "SSESpecification": {"SSEEnabled": False},
    "StreamSpecification": {"StreamEnabled": False},
    "TableClass": "STANDARD",
}


def _expected(table: Handle) -> Physical:
    name = table.properties.get("TableName", table.name(255))
    return Physical(name, {"Arn": table.clients.arn("dynamodb", f"table/{name}")})


def _parameters(properties: JsonObject) -> JsonObject:
    parameters = dict(properties)
    if "SSESpecification" in parameters:
        sse = dict(parameters["SSESpecification"])
        parameters["SSESpecification"] = {"Enabled": sse.pop("SSEEnabled"), **sse}
    if "StreamSpecification" in parameters:
        parameters["StreamSpecification"] = {"StreamEnabled": True} | parameters["StreamSpecification"]
    return parameters


def _create(table: Handle) -> Physical:
    physical = _expected(table)
    parameters = _parameters(table.given(*_CREATED)) | {"TableName": physical.id}
    made = table.client("dynamodb").create_table(**parameters)["TableDescription"]
    stream = {"StreamArn": made["LatestStreamArn"]} if "LatestStreamArn" in made else {}
    return Physical(physical.id, {**physical.attributes, **stream})


def _configure(table: Handle) -> Physical:
    dynamodb, physical = table.client("dynamodb"), table.physical
    wanted = _DEFAULTS | table.properties
    names = [name for name in (*_DEFAULTS, "ProvisionedThroughput") if name in wanted and table.changed(name)]
    if names:
        changes = _parameters({name: wanted[name] for name in names})
        made = dynamodb.update_table(TableName=table.id, **changes)["TableDescription"]
        if "LatestStreamArn" in made:
            physical = Physical(physical.id, {**physical.attributes, "StreamArn": made["LatestStreamArn"]})
    for change in _index_changes(table):  # DynamoDB takes one at a time
        attributes = table.properties["AttributeDefinitions"]
        dynamodb.update_table(TableName=table.id, AttributeDefinitions=attributes, GlobalSecondaryIndexUpdates=[change])
    if table.changed("PointInTimeRecoverySpecification"):
        off = {"PointInTimeRecoveryEnabled": False}
        recovery = table.properties.get("PointInTimeRecoverySpecification", off)
        dynamodb.update_continuous_backups(TableName=table.id, PointInTimeRecoverySpecification=recovery)
    if table.changed("TimeToLiveSpecification"):
        _configure_expiry(table)
    return physical


def _index_changes(table: Handle) -> list[JsonObject]:
    if not table.changed("GlobalSecondaryIndexes"):
        return []
    name = "GlobalSecondaryIndexes"
    before = {index["IndexName"]: index for index in table.former.get(name, [])}
    after = {index["IndexName"]: index for index in table.properties.get(name, [])}
    gone = [{"Delete": {"IndexName": index}} for index in before if after.get(index) != before[index]]
    return gone + [{"Create": entry} for index, entry in after.items() if before.get(index) != entry]


def _configure_expiry(table: Handle) -> None:
    former: Any = table.former.get("TimeToLiveSpecification", {})
    wanted = table.properties.get("TimeToLiveSpecification", {**former, "Enabled": False})
    table.client("dynamodb").update_time_to_live(TableName=table.id, TimeToLiveSpecification={"Enabled": True} | wanted)


TABLE = ResourceType(
    properties=_CREATED
    | {
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": VALUE, "RecoveryPeriodInDays": VALUE},
        "Tags": TAGS,
        "TimeToLiveSpecification": {"AttributeName": VALUE, "Enabled": VALUE},
    },
    required=("KeySchema",),
    exists=lambda table: table.client("dynamodb").describe_table(TableName=_expected(table).id),
    create=_create,
    expected=_expected,
    configure=_configure,
    delete=lambda table: table.client("dynamodb").delete_table(TableName=table.id),
    created_with=tuple(_CREATED),
    replaced_by=("KeySchema", "LocalSecondaryIndexes", "TableName"),
    attributes=("Arn", "StreamArn"),
    name_property="TableName",
    tagging=Tagging("dynamodb", lambda table: {"ResourceArn": table.physical.attributes["Arn"]}),
)
