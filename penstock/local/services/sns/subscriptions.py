"""Who gets the messages of a topic; moto keeps the subscriptions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.sns.models import sns_backends

from penstock.local.clients import Clients
from penstock.local.services.events.patterns import Pattern
from penstock.local.services.sns.message import Message


@dataclass(frozen=True)
class Subscription:
    """A subscription: where its messages go, and which ones it wants."""

    arn: str
    protocol: str
    endpoint: str
    attributes: Mapping[str, Any]

    @property
    def raw(self) -> bool:
        """Does it get the bare text?"""
        return str(self.attributes.get("RawMessageDelivery", "")).lower() == "true"

    @property
    def dead_letters(self) -> str | None:
        """The queue for what could not be delivered."""
        policy = self.attributes.get("RedrivePolicy")
        return str(json.loads(policy)["deadLetterTargetArn"]) if policy else None

    def wants(self, message: Message) -> bool:
        """Tell whether the filter policy lets a message through."""
        policy = self.attributes.get("FilterPolicy")
        if policy in {None, "", "{}"}:
            return True
        by_body = self.attributes.get("FilterPolicyScope") == "MessageBody"
        return Pattern.parse(str(policy)).matches(message.body() if by_body else message.filterable())


@dataclass(frozen=True)
class Topic:
    """A topic, as far as publishing goes."""

    arn: str
    name: str
    display_name: str
    fifo: bool
    by_content: bool
    subscriptions: tuple[Subscription, ...]


def find(clients: Clients, arn: str) -> Topic | None:
    """Return a topic as it is now."""
    backend = sns_backends[clients.account][clients.region]
    topic = backend.topics.get(arn)
    if topic is None:
        return None
    mine = (one for one in [*backend.subscriptions.values()] if one.topic.arn == arn)
    return Topic(
        arn=arn,
        name=topic.name,
        display_name=topic.display_name or "",
        fifo=_true(topic.fifo_topic),
        by_content=_true(topic.content_based_deduplication),
        subscriptions=tuple(Subscription(one.arn, one.protocol, one.endpoint, {**one.attributes}) for one in mine),
    )


def _true(value: Any) -> bool:
    return str(value).lower() == "true"
