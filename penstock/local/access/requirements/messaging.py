"""What the operations of SNS and SQS take; a topic or queue that is encrypted takes its key as well."""

from collections.abc import Iterator

from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements.kms import using
from penstock.local.access.requirements.rules import Asked, Rule, Rules, also, given, on, table, within

_SENDING, _RECEIVING = "GenerateDataKey Decrypt", "Decrypt"


def _publish(asked: Asked) -> Iterator[Requirement]:
    arn = asked["TopicArn"] or asked["TargetArn"]
    # Straight to a telephone it goes by no topic.
    yield Requirement("sns:Publish", arn or "*")
    if arn:
        context = {"kms:EncryptionContext:aws:sns:topicArn": arn}
        yield from using(asked, asked.state.topic_key(arn), _SENDING, "sns", context)


def _subscription(action: str) -> Rule:
    def rule(asked: Asked) -> Iterator[Requirement]:
        # A subscription's ARN is that of its topic and an id.
        yield Requirement(f"sns:{action}", asked["SubscriptionArn"].rpartition(":")[0])

    return rule


def _feedback(asked: Asked) -> Iterator[Requirement]:
    """Yield the roles that a topic is to log its deliveries as."""
    attributes = {asked["AttributeName"]: asked["AttributeValue"], **(asked["Attributes"] or {})}
    for role in sorted({role for name, role in attributes.items() if str(name).endswith("FeedbackRoleArn") and role}):
        yield Requirement("iam:PassRole", role, {"iam:PassedToService": "sns.amazonaws.com"})


def _subscribed(asked: Asked) -> dict[str, str]:
    keys = {"sns:Protocol": "Protocol", "sns:Endpoint": "Endpoint"}
    return {key: asked[name] for key, name in keys.items() if asked[name]}


SNS: Rules = {
    **table(
        "sns",
        {
            "{Name}": "CreateTopic",
            "{TopicArn}": (
                "AddPermission ConfirmSubscription DeleteTopic GetTopicAttributes ListSubscriptionsByTopic"
                " RemovePermission SetTopicAttributes Subscribe"
            ),
            "{ResourceArn}": "ListTagsForResource TagResource UntagResource",
            "*": "ListSubscriptions ListTopics",
        },
    ),
    **{name: _subscription(name) for name in ("GetSubscriptionAttributes", "SetSubscriptionAttributes", "Unsubscribe")},
    "Publish": _publish,
    "PublishBatch": _publish,
}
SNS["Subscribe"] = within(SNS["Subscribe"], _subscribed)
also(SNS, "CreateTopic", given("Tags", on("sns:TagResource", "{Name}")))
also(SNS, "CreateTopic SetTopicAttributes", _feedback)


def _queue(action: str, key_actions: str = "") -> Rule:
    def rule(asked: Asked) -> Iterator[Requirement]:
        name = (asked["QueueUrl"] or asked["QueueName"] or "").rpartition("/")[2]
        arn = asked.arn("sqs", name)
        yield Requirement(f"sqs:{action}", arn)
        if key_actions:
            yield from using(
                asked, asked.state.queue_key(name), key_actions, "sqs", {"kms:EncryptionContext:aws:sqs:arn": arn}
            )

    return rule


_PLAIN = (
    "AddPermission ChangeMessageVisibility CreateQueue DeleteMessage DeleteQueue GetQueueAttributes GetQueueUrl"
    " ListDeadLetterSourceQueues ListQueueTags PurgeQueue RemovePermission SetQueueAttributes TagQueue UntagQueue"
)
SQS: Rules = {
    **table("sqs", {"*": "ListQueues", "{SourceArn}": "ListMessageMoveTasks StartMessageMoveTask"}),
    **{name: _queue(name) for name in _PLAIN.split()},
    "ChangeMessageVisibilityBatch": _queue("ChangeMessageVisibility"),
    "DeleteMessageBatch": _queue("DeleteMessage"),
    "ReceiveMessage": _queue("ReceiveMessage", _RECEIVING),
    "SendMessage": _queue("SendMessage", _SENDING),
    "SendMessageBatch": _queue("SendMessage", _SENDING),
}
also(SQS, "CreateQueue", given("tags", _queue("TagQueue")))
