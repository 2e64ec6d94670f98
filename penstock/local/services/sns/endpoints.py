"""How a message reaches each kind of subscriber."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote

from botocore.exceptions import ClientError, HTTPClientError

from penstock.local.clients import Clients
from penstock.local.services.addresses import Sender, compact
from penstock.local.services.sns.mail import Mailbox
from penstock.local.services.sns.message import Message
from penstock.local.services.sns.subscriptions import Subscription, Topic

PRINCIPAL = "sns.amazonaws.com"
_POST_SECONDS = 15


class Endpoints:
    """The kinds of subscribers that are served."""

    def __init__(self, *, clients: Clients, mailbox: Mailbox) -> None:
        self._clients = clients
        self._mailbox = mailbox
        # No proxy stands between us and ourselves.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self._kinds: dict[str, Callable[[Topic, Subscription, Message], None]] = {
            "email": self._mail,
            "email-json": self._mail,
            "http": self._post,
            "https": self._post,
            "lambda": self._invoke,
            "sqs": self._enqueue,
        }

    def send(self, topic: Topic, subscription: Subscription, message: Message) -> None:
        """Give a message to a subscriber.

        Raises:
            ClientError: it was not taken.
            HTTPClientError: nobody answered.
        """
        self._kinds[subscription.protocol](topic, subscription, message)

    def sender(self, topic: str) -> Sender:
        """Return who sends for a topic."""
        return Sender(self._clients, PRINCIPAL, topic)

    def envelope(self, subscription: Subscription, message: Message) -> str:
        """Return the notification as text."""
        return json.dumps(message.envelope(subscription.protocol, self._unsubscribe(subscription)), indent=2)

    def _invoke(self, topic: Topic, subscription: Subscription, message: Message) -> None:
        event = message.event(subscription.arn, self._unsubscribe(subscription))
        self.sender(topic.arn).invoke(subscription.endpoint, compact(event))

    def _enqueue(self, topic: Topic, subscription: Subscription, message: Message) -> None:
        fifo = subscription.endpoint.endswith(".fifo")
        self.sender(topic.arn).enqueue(
            subscription.endpoint,
            message.for_protocol("sqs") if subscription.raw else self.envelope(subscription, message),
            attributes=message.attributes if subscription.raw else {},
            group=message.group,
            deduplication=message.deduplication if fifo else None,
        )

    def _mail(self, topic: Topic, subscription: Subscription, message: Message) -> None:
        as_json = subscription.protocol == "email-json"
        text = self.envelope(subscription, message) if as_json else message.for_protocol("email")
        self._mailbox.put(message, to=subscription.endpoint, sender=topic.display_name, text=text)

    def _post(self, topic: Topic, subscription: Subscription, message: Message) -> None:
        raw = subscription.raw
        text = message.for_protocol(subscription.protocol) if raw else self.envelope(subscription, message)
        request = urllib.request.Request(  # noqa: S310  subscriptions are http: or https:, and on this machine
            subscription.endpoint,
            data=text.encode(),
            headers={
                "Content-Type": "text/plain; charset=UTF-8",
                "User-Agent": "Amazon Simple Notification Service Agent",
                "x-amz-sns-message-type": "Notification",
                "x-amz-sns-message-id": message.id,
                "x-amz-sns-topic-arn": topic.arn,
                "x-amz-sns-subscription-arn": subscription.arn,
                **({"x-amz-sns-rawdelivery": "true"} if raw else {}),
            },
        )
        try:
            self._opener.open(request, timeout=_POST_SECONDS).close()
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(error) from error
        except OSError as error:
            raise HTTPClientError(error=error) from error

    def _unsubscribe(self, subscription: Subscription) -> str:
        return f"{self._clients.url}/?Action=Unsubscribe&SubscriptionArn={quote(subscription.arn)}"


def _refusal(error: urllib.error.HTTPError) -> ClientError:
    status = HTTPStatus(error.code) if error.code in [*HTTPStatus] else HTTPStatus.BAD_GATEWAY
    # Only what the endpoint itself calls the sender's fault is not tried again.
    answer = {"Error": {"Code": str(error.code), "Message": error.reason}}
    return ClientError({**answer, "ResponseMetadata": {"HTTPStatusCode": status.value}}, "Notify")
