"""AWS::SQS: queues and their policies."""

from penstock.local.deploy.intrinsics import text
from penstock.local.deploy.resources.base import Handle, Physical, ResourceType, document, without
from penstock.local.deploy.resources.removal import gone
from penstock.local.deploy.resources.shape import JSON, VALUE, Shape
from penstock.local.deploy.resources.tags import TAGS, Tagging
from penstock.local.service import JsonObject

# What SQS gives a queue that does not say; a property that is taken away goes back to it.
_DEFAULTS = {
    "ContentBasedDeduplication": "false",
    "DeduplicationScope": "queue",
    "DelaySeconds": "0",
    "FifoThroughputLimit": "perQueue",
    "KmsDataKeyReusePeriodSeconds": "300",
    "KmsMasterKeyId": "",
    "MaximumMessageSize": "1048576",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0",
    "RedriveAllowPolicy": "",
    "RedrivePolicy": "",
    "SqsManagedSseEnabled": "true",
    "VisibilityTimeout": "30",
}
_ATTRIBUTES = (*_DEFAULTS, "FifoQueue")
_PROPERTIES: dict[str, Shape] = {
    **dict.fromkeys(_ATTRIBUTES, VALUE),
    "QueueName": VALUE,
    "RedriveAllowPolicy": JSON,
    "RedrivePolicy": JSON,
    "Tags": TAGS,
}


def _name(queue: Handle) -> str:
    suffix = ".fifo" if str(queue.properties.get("FifoQueue", False)).lower() == "true" else ""
    name: str = queue.properties.get("QueueName", queue.name(80 - len(suffix)) + suffix)
    return name


def _attributes(properties: JsonObject) -> dict[str, str]:
    given = {name: properties[name] for name in _ATTRIBUTES if name in properties}
    return {name: document(value) if isinstance(value, dict) else text(value) for name, value in given.items()}


def _physical(queue: Handle, url: str) -> Physical:
    name = _name(queue)
    return Physical(url, {"Arn": queue.clients.arn("sqs", name), "QueueName": name, "QueueUrl": url})


def _create(queue: Handle) -> Physical:
    made = queue.client("sqs").create_queue(QueueName=_name(queue), Attributes=_attributes(queue.properties))
    return _physical(queue, made["QueueUrl"])


def _expected(queue: Handle) -> Physical | None:
    try:
        return _physical(queue, queue.client("sqs").get_queue_url(QueueName=_name(queue))["QueueUrl"])
    except queue.client("sqs").exceptions.QueueDoesNotExist:
        return None


def _configure(queue: Handle) -> None:
    wanted = _DEFAULTS | _attributes(queue.properties)
    if changed := {name: wanted[name] for name in _DEFAULTS if queue.changed(name)}:
        queue.client("sqs").set_queue_attributes(QueueUrl=queue.id, Attributes=changed)


def _configure_policy(policy: Handle) -> None:
    for queue in policy.properties["Queues"]:
        _put_policy(policy, queue, document(policy.properties["PolicyDocument"]))
    _remove_policy(policy, without(policy.former.get("Queues", []), policy.properties["Queues"]))


def _remove_policy(policy: Handle, queues: list[str]) -> None:
    for queue in queues:
        try:
            _put_policy(policy, queue, "")
        except policy.client("sqs").exceptions.ClientError as error:
            if not gone(error):
                raise


def _has_policy(policy: Handle, queue: str) -> bool:
    answer = policy.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["Policy"])
    return bool(answer.get("Attributes", {}).get("Policy"))


def _put_policy(policy: Handle, queue: str, value: str) -> None:
    policy.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": value})


QUEUE = ResourceType(
    properties=_PROPERTIES,
    exists=_expected,
    create=_create,
    expected=_expected,
    configure=_configure,
    delete=lambda queue: queue.client("sqs").delete_queue(QueueUrl=queue.id),
    created_with=(*_ATTRIBUTES, "QueueName"),
    replaced_by=("FifoQueue", "QueueName"),
    attributes=("Arn", "QueueName", "QueueUrl"),
    name_property="QueueName",
    tagging=Tagging("sqs", lambda queue: {"QueueUrl": queue.id}, tag="tag_queue", untag="untag_queue", write=dict),
)

QUEUE_POLICY = ResourceType(
    properties={"PolicyDocument": JSON, "Queues": [VALUE]},
    required=("PolicyDocument", "Queues"),
    exists=lambda policy: any(_has_policy(policy, queue) for queue in policy.properties["Queues"]),
    create=lambda policy: Physical(policy.name(80)),
    expected=lambda policy: Physical(policy.name(80)),
    configure=_configure_policy,
    delete=lambda policy: _remove_policy(policy, policy.properties["Queues"]),
)
