"""A message that was published, in the forms in which subscribers get it.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
"""

import base64
import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from penstock.local.clock import iso
from penstock.local.service import JsonObject


@dataclass(frozen=True)
class Message:
    """A message to a topic; `texts` has the text by protocol, where the message says so."""

    topic: str
    time: datetime
    text: str
    subject: str | None = None
    attributes: Mapping[str, JsonObject] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    group: str | None = None
    deduplication: str | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @classmethod
    def of(cls, topic: str, request: JsonObject, time: datetime) -> "Message":
        """Read a valid request."""
        text: str = request["Message"]
        texts: dict[str, str] = json.loads(text) if request.get("MessageStructure") == "json" else {}
        group = request.get("MessageGroupId")
        return cls(
            topic=topic,
            time=time,
            text=texts.get("default", text),
            texts=texts,
            subject=request.get("Subject"),
            attributes=request.get("MessageAttributes") or {},
            group=group,
            # What the topic deduplicates by, the queue can too.
            deduplication=request.get("MessageDeduplicationId") or (_digest(text) if group else None),
        )

    def for_protocol(self, protocol: str) -> str:
        """Return the text for one protocol."""
        return self.texts.get(protocol, self.text)

    def shown(self) -> dict[str, JsonObject]:
        """Return the attributes as subscribers see them."""
        return {name: {"Type": value["DataType"], "Value": _value(value)} for name, value in self.attributes.items()}

    def envelope(self, protocol: str, unsubscribe: str) -> JsonObject:
        """Return the notification; it is not signed, as there is nowhere to have the certificate from."""
        return {
            "Type": "Notification",
            "MessageId": self.id,
            "TopicArn": self.topic,
            **({"Subject": self.subject} if self.subject else {}),
            "Message": self.for_protocol(protocol),
            "Timestamp": self._timestamp,
            "UnsubscribeURL": unsubscribe,
            **({"MessageAttributes": self.shown()} if self.attributes else {}),
        }

    def event(self, subscription: str, unsubscribe: str) -> JsonObject:
        """Return the event that a function gets."""
        notification = {
            "Type": "Notification",
            "MessageId": self.id,
            "TopicArn": self.topic,
            "Subject": self.subject,
            "Message": self.for_protocol("lambda"),
            "Timestamp": self._timestamp,
            "UnsubscribeUrl": unsubscribe,
            "MessageAttributes": self.shown(),
        }
        return {
            "Records": [
                {
                    "EventSource": "aws:sns",
                    "EventVersion": "1.0",
                    "EventSubscriptionArn": subscription,
                    "Sns": notification,
                }
            ]
        }

    def filterable(self) -> JsonObject:
        """Return the attributes as filter policies see them: numbers, and arrays as such."""
        return {name: _comparable(value) for name, value in self.attributes.items()}

    def body(self) -> Any:
        """Return the text's JSON, or None if it is none."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None

    @property
    def _timestamp(self) -> str:
        return iso(self.time)


def _value(attribute: JsonObject) -> str:
    if "BinaryValue" in attribute:
        return base64.b64encode(attribute["BinaryValue"]).decode()
    return str(attribute["StringValue"])


def _comparable(attribute: JsonObject) -> Any:
    if attribute["DataType"] == "String.Array":
        return json.loads(attribute["StringValue"])
    if attribute["DataType"].startswith("Number"):
        return float(attribute["StringValue"])
    return _value(attribute)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
