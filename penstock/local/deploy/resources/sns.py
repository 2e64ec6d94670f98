"""AWS::SNS: topics, their policies and subscriptions."""

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType, document, without
from penstock.local.deploy.resources.shape import JSON, VALUE
from penstock.local.service import JsonObject

_ATTRIBUTES = ("DisplayName", "KmsMasterKeyId")


def _create_topic(topic: Handle) -> Physical:
    name = topic.name(256)
    arn = topic.client("sns").create_topic(Name=name, Attributes=topic.given(*_ATTRIBUTES))["TopicArn"]
    return Physical(arn, {"TopicArn": arn, "TopicName": name})


def _configure_topic(topic: Handle) -> None:
    for name in _ATTRIBUTES:
        if topic.changed(name):
            _set(topic, topic.id, name, topic.properties.get(name, ""))


def _configure_policy(policy: Handle) -> None:
    _reset(policy, without(policy.former.get("Topics", []), policy.properties["Topics"]))
    for topic in policy.properties["Topics"]:
        _set(policy, topic, "Policy", document(policy.properties["PolicyDocument"]))


def _reset(policy: Handle, topics: list[str]) -> None:
    for topic in topics:
        _set(policy, topic, "Policy", document(_default_policy(topic, policy.clients.account)))


def _set(resource: Handle, topic: str, name: str, value: str) -> None:
    resource.client("sns").set_topic_attributes(TopicArn=topic, AttributeName=name, AttributeValue=value)


def _default_policy(topic: str, account: str) -> JsonObject:
    # What SNS gives a topic that has no policy of its own: its owner may do everything.
    actions = "GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic Subscribe"
    return {
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
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


def _subscribe(subscription: Handle) -> Physical:
    made = subscription.client("sns").subscribe(**subscription.properties, ReturnSubscriptionArn=True)
    return Physical(made["SubscriptionArn"])


TOPIC = ResourceType(
    properties={"DisplayName": VALUE, "KmsMasterKeyId": VALUE},
    create=_create_topic,
    configure=_configure_topic,
    delete=lambda topic: topic.client("sns").delete_topic(TopicArn=topic.id),
    created_with=_ATTRIBUTES,
    attributes=("TopicArn", "TopicName"),
)

TOPIC_POLICY = ResourceType(
    properties={"PolicyDocument": JSON, "Topics": [VALUE]},
    required=("PolicyDocument", "Topics"),
    create=lambda policy: Physical(policy.name(64)),
    configure=_configure_policy,
    delete=lambda policy: _reset(policy, policy.properties["Topics"]),
)

SUBSCRIPTION = ResourceType(
    properties={"Endpoint": VALUE, "Protocol": VALUE, "TopicArn": VALUE},
    required=("Endpoint", "Protocol", "TopicArn"),
    create=_subscribe,
    delete=lambda subscription: subscription.client("sns").unsubscribe(SubscriptionArn=subscription.id),
    created_with=("Endpoint", "Protocol", "TopicArn"),
)
