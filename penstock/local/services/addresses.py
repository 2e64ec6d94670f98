"""Where a message goes: targets by ARN, and the calls that reach them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from penstock.local.clients import Clients


def queue_url(clients: Clients, arn: str) -> str:
    """Return the URL of a queue: to ask SQS for it takes a permission of its own."""
    return f"{clients.url}/{arn.split(':')[4]}/{arn.rpartition(':')[2]}"


@dataclass(frozen=True)
class Sender:
    """A service of AWS that sends in the name of something, as itself or with a role: policies see who and for what."""

    clients: Clients
    principal: str
    source: str
    role: str = ""

    def client(self, service: str) -> Any:
        """Return a client that acts as this service, or as its role."""
        if self.role:
            session = self.principal.partition(".")[0]
            return self.clients.role(self.role, service, session=session, by=self.principal, source=self.source)
        return self.clients.service(self.principal, service, source=self.source)

    def invoke(self, function: str, payload: str) -> None:
        """Invoke a function, without waiting for it."""
        self.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=payload.encode())

    def enqueue(
        self,
        queue: str,
        body: str,
        *,
        attributes: Mapping[str, Any] | None = None,
        group: str | None = None,
        deduplication: str | None = None,
    ) -> None:
        """Send a message to a queue."""
        fifo = {"MessageGroupId": group, "MessageDeduplicationId": deduplication}
        self.client("sqs").send_message(
            QueueUrl=queue_url(self.clients, queue),
            MessageBody=body,
            MessageAttributes=attributes or {},
            **{name: value for name, value in fifo.items() if value},
        )

    def publish(self, topic: str, message: str, *, subject: str | None = None) -> None:
        """Publish a message to a topic."""
        given = {"Subject": subject} if subject else {}
        self.client("sns").publish(TopicArn=topic, Message=message, **given)


def text_attributes(values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return message attributes of SQS; those without a value are left out."""
    return {name: {"DataType": "String", "StringValue": value} for name, value in values.items() if value}


def compact(value: Any) -> str:
    """Return JSON as AWS's services send it."""
    return json.dumps(value, separators=(",", ":"))
