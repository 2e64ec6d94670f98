"""AWS::SNS: topics, their policies and subscriptions."""

import json

from penstock.local.deploy.intrinsics import text
from penstock.local.deploy.resources.base import Handle, Physical, ResourceType, document, without
from penstock.local.deploy.resources.removal import gone
from penstock.local.deploy.resources.shape import JSON, VALUE
from penstock.local.deploy.resources.tags import TAGS, Tagging
from penstock.local.service import JsonObject

# What SNS gives a topic that does not say; a property that is taken away goes back to it.
_TOPIC = {
    "ContentBasedDeduplication": "false",
    "DisplayName": "",
    "KmsMasterKeyId": "",
    "SignatureVersion": "1",
    "TracingConfig": "PassThrough",
}
_DEFAULT_POLICY = "__default_policy_ID"  # the Id of the one that SNS gives a topic
_SUBSCRIBED = ("Endpoint", "Protocol", "TopicArn")
_SUBSCRIPTION = {
    "DeliveryPolicy": "",
    "FilterPolicy": "{}",
    "FilterPolicyScope": "MessageAttributes",
    "RawMessageDelivery": "false",
    "RedrivePolicy": "",
}


def _topic(topic: Handle) -> Physical:
    suffix = ".fifo" if str(topic.properties.get("FifoTopic", False)).lower() == "true" else ""
    name = topic.properties.get("TopicName", topic.name(256 - len(suffix)) + suffix)
    arn = topic.clients.arn("sns", name)
    return Physical(arn, {"TopicArn": arn, "TopicName": name})


def _create_topic(topic: Handle) -> Physical:
    physical = _topic(topic)
    attributes = {name: text(value) for name, value in topic.given(*_TOPIC, "FifoTopic").items()}
    topic.client("sns").create_topic(Name=physical.attributes["TopicName"], Attributes=attributes)
    return physical


def _configure_topic(topic: Handle) -> None:
    for name, default in _TOPIC.items():
        if topic.changed(name):
            _set(topic, topic.id, name, text(topic.properties.get(name, default)))


def _configure_policy(policy: Handle) -> None:
    _reset(policy, without(policy.former.get("Topics", []), policy.properties["Topics"]))
    for topic in policy.properties["Topics"]:
        _set(policy, topic, "Policy", document(policy.properties["PolicyDocument"]))


def _reset(policy: Handle, topics: list[str]) -> None:
    for topic in topics:
        try:
            _set(policy, topic, "Policy", document(_default_policy(topic, policy.clients.account)))
        except policy.client("sns").exceptions.ClientError as error:
            if not gone(error):
                raise


def _set(resource: Handle, topic: str, name: str, value: str) -> None:
    resource.client("sns").set_topic_attributes(TopicArn=topic, AttributeName=name, AttributeValue=value)


def _has_policy(policy: Handle, topic: str) -> bool:
    attributes = policy.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
    return bool(json.loads(attributes.get("Policy", "{}")).get("Id", _DEFAULT_POLICY) != _DEFAULT_POLICY)


def _default_policy(topic: str, account: str) -> JsonObject:
    # What SNS gives a topic that has no policy of its own: its owner may do everything.
    actions = "GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic Subscribe"
    return {
        "Version": "2008-10-17",
        "Id": _DEFAULT_POLICY,
        "Statement": [
            {
                "Sid": "__default_statement_ID",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": [f"SNS:{action}" for action in (*actions.split(), "ListSubscriptionsByTopic", "Publish")],
                "Resource": topic,
                "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
            }
        ],
    }


def _attributes(properties: JsonObject) -> dict[str, str]:
    given = {name: properties[name] for name in _SUBSCRIPTION if name in properties}
    return {name: document(value) if isinstance(value, dict) else text(value) for name, value in given.items()}


def _subscribe(subscription: Handle) -> Physical:
    made = subscription.client("sns").subscribe(
        **subscription.given(*_SUBSCRIBED),
        Attributes=_attributes(subscription.properties),
        ReturnSubscriptionArn=True,
    )
    return Physical(made["SubscriptionArn"])


def _subscribed(subscription: Handle) -> Physical | None:
    properties = subscription.properties
    pages = subscription.client("sns").get_paginator("list_subscriptions_by_topic")
    for page in pages.paginate(TopicArn=properties["TopicArn"]):
        for entry in page["Subscriptions"]:
            if all(entry[name] == properties[name] for name in _SUBSCRIBED):
                return Physical(entry["SubscriptionArn"])
    return None


def _configure_subscription(subscription: Handle) -> None:
    wanted = _SUBSCRIPTION | _attributes(subscription.properties)
    for name in _SUBSCRIPTION:
        if subscription.changed(name):
            subscription.client("sns").set_subscription_attributes(
                SubscriptionArn=subscription.id, AttributeName=name, AttributeValue=wanted[name]
            )


TOPIC = ResourceType(
    properties={**dict.fromkeys((*_TOPIC, "FifoTopic", "TopicName"), VALUE), "Tags": TAGS},
    exists=lambda topic: topic.client("sns").get_topic_attributes(TopicArn=_topic(topic).id),
    create=_create_topic,
    expected=_topic,
    configure=_configure_topic,
    delete=lambda topic: topic.client("sns").delete_topic(TopicArn=topic.id),
    created_with=(*_TOPIC, "FifoTopic", "TopicName"),
    replaced_by=("FifoTopic", "TopicName"),
    attributes=("TopicArn", "TopicName"),
    name_property="TopicName",
    tagging=Tagging("sns", lambda topic: {"ResourceArn": topic.id}),
)

TOPIC_POLICY = ResourceType(
    properties={"PolicyDocument": JSON, "Topics": [VALUE]},
    required=("PolicyDocument", "Topics"),
    exists=lambda policy: any(_has_policy(policy, topic) for topic in policy.properties["Topics"]),
    create=lambda policy: Physical(policy.name(64)),
    expected=lambda policy: Physical(policy.name(64)),
    configure=_configure_policy,
    delete=lambda policy: _reset(policy, policy.properties["Topics"]),
)

SUBSCRIPTION = ResourceType(
    properties={
        **dict.fromkeys((*_SUBSCRIBED, *_SUBSCRIPTION), VALUE),
        "DeliveryPolicy": JSON,
        "FilterPolicy": JSON,
        "RedrivePolicy": JSON,
    },
    required=_SUBSCRIBED,
    exists=_subscribed,
    create=_subscribe,
    expected=_subscribed,
    configure=_configure_subscription,
    delete=lambda subscription: subscription.client("sns").unsubscribe(SubscriptionArn=subscription.id),
    created_with=(*_SUBSCRIBED, *_SUBSCRIPTION),
    replaced_by=_SUBSCRIBED,
)
