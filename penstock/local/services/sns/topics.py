"""Topics deliver: what was published goes to every subscriber that wants it, as SNS itself.

moto keeps topics and subscriptions. It would deliver to queues without asking who may, and to nobody else.
"""

import functools
import logging
from collections.abc import Callable
from pathlib import Path

from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.gateway.overlay import Overlay
from penstock.local.gateway.requests import Call
from penstock.local.service import AwsError, Caller, JsonObject
from penstock.local.services.addresses import text_attributes
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.delivery import Failure, Lanes, Retries, deliver
from penstock.local.services.sns.endpoints import Endpoints
from penstock.local.services.sns.mail import Mailbox
from penstock.local.services.sns.message import Message
from penstock.local.services.sns.requests import (
    check_attribute,
    check_message,
    check_subscription,
    check_target,
    invalid,
)
from penstock.local.services.sns.subscriptions import Subscription, Topic, find

_LOG = logging.getLogger(__name__)
_MOST_ENTRIES = 10
_MOST_RETRIES = {True: 100_015, False: 50}  # of AWS's own endpoints, and of customers'


class Topics(Overlay):
    """Publish and PublishBatch in moto's place; messages to each subscriber are in order."""

    def __init__(self, *, clients: Clients, clock: Clock, metrics: Metrics, mail: Path) -> None:
        self._clients = clients
        self._clock = clock
        self._metrics = metrics
        self._endpoints = Endpoints(clients=clients, mailbox=Mailbox(mail))
        self._lanes = Lanes("SNS")
        self._operations: dict[str, Callable[[JsonObject], JsonObject | None]] = {
            "Publish": self._publish,
            "PublishBatch": self._publish_batch,
            "Subscribe": check_subscription,
            "SetSubscriptionAttributes": lambda request: check_attribute(
                request["AttributeName"], request.get("AttributeValue", "")
            ),
        }

    def answer(self, call: Call, caller: Caller) -> JsonObject | None:  # noqa: ARG002
        """Serve what is ours, and check what moto serves."""
        operation = self._operations.get(str(call.operation.name))
        return operation(call.parameters) if operation is not None else None

    def close(self) -> None:
        """Deliver what was published, and no more."""
        self._lanes.close()

    def _publish(self, request: JsonObject) -> JsonObject:
        check_target(request)
        if "PhoneNumber" in request:
            raise invalid("PhoneNumber: the local cloud sends no text messages.")
        return self._send(self._topic(request.get("TopicArn") or request.get("TargetArn", "")), request)

    def _publish_batch(self, request: JsonObject) -> JsonObject:
        topic, entries = self._topic(request["TopicArn"]), request["PublishBatchRequestEntries"]
        ids = [entry["Id"] for entry in entries]
        if not ids:
            raise AwsError("EmptyBatchRequest", "The batch request doesn't contain any entries.")
        if len(ids) > _MOST_ENTRIES:
            raise AwsError("TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.")
        if len({*ids}) < len(ids):
            raise AwsError("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.")
        answer: JsonObject = {"Successful": [], "Failed": []}
        for entry in entries:
            try:
                answer["Successful"].append({"Id": entry["Id"]} | self._send(topic, entry))
            except AwsError as error:
                problem = {"Code": error.code, "Message": error.message, "SenderFault": True}
                answer["Failed"].append({"Id": entry["Id"]} | problem)
        return answer

    def _topic(self, arn: str) -> Topic:
        topic = find(self._clients, arn)
        if topic is None:
            raise AwsError("NotFound", "Topic does not exist", 404)
        return topic

    def _send(self, topic: Topic, request: JsonObject) -> JsonObject:
        check_message(request, fifo=topic.fifo, by_content=topic.by_content)
        message = Message.of(topic.arn, request, self._clock.now())
        self._count(topic, "NumberOfMessagesPublished")
        self._metrics.add("AWS/SNS", "PublishSize", len(message.text.encode()), "Bytes", {"TopicName": topic.name})
        for subscription in topic.subscriptions:
            if subscription.wants(message):
                work = functools.partial(self._deliver, topic, subscription, message)
                self._lanes.put(subscription.arn, work)
            else:
                self._count(topic, "NumberOfNotificationsFilteredOut")
        sequence = {"SequenceNumber": f"{message.time.timestamp() * 1e9:020.0f}"} if topic.fifo else {}
        return {"MessageId": message.id, **sequence}

    def _deliver(self, topic: Topic, subscription: Subscription, message: Message) -> None:
        failure = deliver(
            lambda: self._endpoints.send(topic, subscription, message),
            Retries(most=_MOST_RETRIES[subscription.protocol in {"lambda", "sqs"}], delay=_delay),
            since=message.time,
            clock=self._clock,
            closing=self._lanes.closing,
        )
        if failure is None:
            self._count(topic, "NumberOfNotificationsDelivered")
            return
        self._count(topic, "NumberOfNotificationsFailed")
        _LOG.error("SNS: %s did not reach %s: %s", topic.arn, subscription.endpoint, failure.error)
        if subscription.dead_letters is not None:
            self._bury(topic, subscription, message, failure)

    def _bury(self, topic: Topic, subscription: Subscription, message: Message, failure: Failure) -> None:
        queue = str(subscription.dead_letters)
        about = {"RequestID": message.id, "ErrorCode": failure.code, "ErrorMessage": str(failure.error)[:1024]}
        text = message.for_protocol(subscription.protocol) if subscription.raw else ""
        lost = deliver(
            lambda: self._endpoints.sender(topic.arn).enqueue(
                queue,
                text or self._endpoints.envelope(subscription, message),
                attributes={**(message.attributes if text else {}), **text_attributes(about)},
            ),
            Retries(most=_MOST_RETRIES[True], delay=_delay),
            since=message.time,
            clock=self._clock,
            closing=self._lanes.closing,
        )
        name = "FailedToRedriveToDlq" if lost else "RedrivenToDlq"
        self._count(topic, f"NumberOfNotifications{name}")
        if lost is not None:
            _LOG.error("SNS: %s did not reach the dead letters %s: %s", topic.arn, queue, lost.error)

    def _count(self, topic: Topic, name: str) -> None:
        self._metrics.add("AWS/SNS", name, 1, "Count", {"TopicName": topic.name})


def _delay(attempt: int) -> float:
    """Return the seconds before a retry: three at once, two after one, ten slower and slower, and then as AWS does.

    https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
    """
    at_once, soon, slower = 3, 5, 15
    if attempt < at_once:
        return 0.0
    if attempt < soon:
        return 1.0
    return min(1.3 ** (attempt - soon), 20.0) if attempt < slower else 20.0
