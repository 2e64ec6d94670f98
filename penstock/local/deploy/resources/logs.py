"""AWS::Logs: log groups."""

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType
from penstock.local.deploy.resources.shape import VALUE


def _create(group: Handle) -> Physical:
    name = group.properties.get("LogGroupName", group.name(512))
    group.client("logs").create_log_group(logGroupName=name)
    return Physical(name, {"Arn": group.arn("logs", f"log-group:{name}:*")})


def _configure(group: Handle) -> None:
    logs, properties = group.client("logs"), group.properties
    if "RetentionInDays" in properties:
        logs.put_retention_policy(logGroupName=group.id, retentionInDays=properties["RetentionInDays"])
    else:
        logs.delete_retention_policy(logGroupName=group.id)


LOG_GROUP = ResourceType(
    properties={"LogGroupName": VALUE, "RetentionInDays": VALUE},
    create=_create,
    configure=_configure,
    delete=lambda group: group.client("logs").delete_log_group(logGroupName=group.id),
    created_with=("LogGroupName",),
    replaced_by=("LogGroupName",),
    attributes=("Arn",),
    name_property="LogGroupName",
)
