"""AWS::Logs: log groups, metric filters, and what services may write to groups."""

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType, document, lower_camel
from penstock.local.deploy.resources.removal import discard
from penstock.local.deploy.resources.shape import JSON, VALUE
from penstock.local.deploy.resources.tags import TAGS, Tagging
from penstock.local.service import JsonObject

_GROUP = ("KmsKeyId", "LogGroupClass", "LogGroupName")
_FILTER = ("FilterName", "FilterPattern", "LogGroupName", "MetricTransformations")
_POLICY = ("PolicyDocument", "PolicyName")


def _group(group: Handle) -> Physical:
    name = group.properties.get("LogGroupName", group.name(512))
    return Physical(name, {"Arn": group.clients.arn("logs", f"log-group:{name}:*")})


def _group_exists(group: Handle) -> bool:
    name = _group(group).id
    found = group.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return any(entry["logGroupName"] == name for entry in found)


def _create(group: Handle) -> Physical:
    physical = _group(group)
    group.client("logs").create_log_group(**lower_camel(group.given(*_GROUP) | {"LogGroupName": physical.id}))
    return physical


def _configure(group: Handle) -> None:
    logs, properties = group.client("logs"), group.properties
    if group.changed("KmsKeyId"):
        if "KmsKeyId" in properties:
            logs.associate_kms_key(logGroupName=group.id, kmsKeyId=properties["KmsKeyId"])
        else:
            logs.disassociate_kms_key(logGroupName=group.id)
    if group.changed("RetentionInDays"):
        if "RetentionInDays" in properties:
            logs.put_retention_policy(logGroupName=group.id, retentionInDays=properties["RetentionInDays"])
        else:
            discard(logs.delete_retention_policy, logGroupName=group.id)


def _filter(metric_filter: Handle) -> Physical:
    return Physical(metric_filter.properties.get("FilterName", metric_filter.name(512)))


def _filter_exists(metric_filter: Handle) -> bool:
    where, name = metric_filter.properties["LogGroupName"], _filter(metric_filter).id
    found = metric_filter.client("logs").describe_metric_filters(logGroupName=where, filterNamePrefix=name)
    return any(entry["filterName"] == name for entry in found["metricFilters"])


def _put_filter(metric_filter: Handle) -> Physical:
    properties, physical = metric_filter.properties, _filter(metric_filter)
    metric_filter.client("logs").put_metric_filter(
        logGroupName=properties["LogGroupName"],
        filterName=metric_filter.id or physical.id,
        filterPattern=properties["FilterPattern"],
        metricTransformations=[transformation(item) for item in properties["MetricTransformations"]],
    )
    return metric_filter.physical if metric_filter.id else physical


def _configure_filter(metric_filter: Handle) -> None:
    discard(lambda: _delete_filter(metric_filter))  # moto would keep both
    _put_filter(metric_filter)


def _delete_filter(metric_filter: Handle) -> None:
    group = metric_filter.properties["LogGroupName"]
    metric_filter.client("logs").delete_metric_filter(logGroupName=group, filterName=metric_filter.id)


def transformation(given: JsonObject) -> JsonObject:
    """Return a MetricTransformation of CloudFormation in the form of CloudWatch Logs."""
    put: JsonObject = lower_camel({name: value for name, value in given.items() if name != "Dimensions"})
    if "Dimensions" in given:
        put["dimensions"] = {entry["Key"]: entry["Value"] for entry in given["Dimensions"]}
    return put


def _policy_exists(policy: Handle) -> bool:
    found = policy.client("logs").describe_resource_policies()["resourcePolicies"]  # there can be ten of them
    return any(entry["policyName"] == policy.properties["PolicyName"] for entry in found)


def _put_policy(policy: Handle) -> Physical:
    name = policy.properties["PolicyName"]
    text = document(policy.properties["PolicyDocument"])
    policy.client("logs").put_resource_policy(policyName=name, policyDocument=text)
    return Physical(name)


LOG_GROUP = ResourceType(
    properties={**dict.fromkeys(_GROUP, VALUE), "RetentionInDays": VALUE, "Tags": TAGS},
    exists=_group_exists,
    create=_create,
    expected=_group,
    configure=_configure,
    delete=lambda group: group.client("logs").delete_log_group(logGroupName=group.id),
    created_with=_GROUP,
    replaced_by=("LogGroupClass", "LogGroupName"),
    attributes=("Arn",),
    name_property="LogGroupName",
    tagging=Tagging(
        "logs",
        lambda group: {"resourceArn": group.clients.arn("logs", f"log-group:{group.id}")},
        tags="tags",
        keys="tagKeys",
        write=dict,
    ),
)

METRIC_FILTER = ResourceType(
    properties={
        "FilterName": VALUE,
        "FilterPattern": VALUE,
        "LogGroupName": VALUE,
        "MetricTransformations": [
            {
                "DefaultValue": VALUE,
                "Dimensions": [{"Key": VALUE, "Value": VALUE}],
                "MetricName": VALUE,
                "MetricNamespace": VALUE,
                "MetricValue": VALUE,
                "Unit": VALUE,
            }
        ],
    },
    required=("FilterPattern", "LogGroupName", "MetricTransformations"),
    exists=_filter_exists,
    create=_put_filter,
    expected=_filter,
    configure=_configure_filter,
    delete=_delete_filter,
    created_with=_FILTER,
    replaced_by=("FilterName", "LogGroupName"),
    name_property="FilterName",
)

RESOURCE_POLICY = ResourceType(
    properties={"PolicyDocument": JSON, "PolicyName": VALUE},
    required=_POLICY,
    exists=_policy_exists,
    create=_put_policy,
    expected=lambda policy: Physical(policy.properties["PolicyName"]),
    configure=_put_policy,
    delete=lambda policy: policy.client("logs").delete_resource_policy(policyName=policy.id),
    created_with=_POLICY,
    replaced_by=("PolicyName",),
    name_property="PolicyName",
)
