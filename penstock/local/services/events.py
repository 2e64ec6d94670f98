"""Amazon EventBridge delivers: events of our services reach the Lambda functions that rules name as targets.

Rules and targets are kept by moto, which matches events with them too, and stops there.
"""

import json
import logging
import queue
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from botocore.exceptions import ClientError
from moto.events.models import EventPattern

from penstock.local.clients import Clients
from penstock.local.service import JsonObject

_LOG = logging.getLogger(__name__)
_CLOSING_SECONDS = 10
_PRINCIPAL = "events.amazonaws.com"


class DeliveryError(Exception):
    """An event that did not reach a target; the message says why."""


class Events:
    """The default event bus, as far as AWS's own services send to it; delivery is in order, in a thread of its own."""

    def __init__(self, *, clients: Clients) -> None:
        self._clients = clients
        self._waiting: queue.SimpleQueue[JsonObject | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._deliver_all, name="eventbridge", daemon=True)
        self._thread.start()

    def publish(self, event: JsonObject) -> None:
        """Send an event: source, detail-type, detail and resources; the rest of the envelope is filled in."""
        envelope = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "account": self._clients.account,
            "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": self._clients.region,
        }
        self._waiting.put(envelope | event)

    def close(self) -> None:
        """Deliver what was published, and no more."""
        self._waiting.put(None)
        self._thread.join(_CLOSING_SECONDS)

    def _deliver_all(self) -> None:
        while (event := self._waiting.get()) is not None:
            try:
                for rule, target in self._targets(event):
                    self._deliver(event, rule, target)
            except Exception:
                _LOG.exception("EventBridge: %s was not delivered", event["detail-type"])

    def _targets(self, event: JsonObject) -> Iterator[tuple[JsonObject, JsonObject]]:
        client = self._clients.operator("events")
        for page in client.get_paginator("list_rules").paginate():
            for rule in page["Rules"]:
                # A rule without a pattern has a schedule.
                matches = "EventPattern" in rule and EventPattern.load(rule["EventPattern"]).matches_event(event)
                if rule["State"] == "ENABLED" and matches:
                    for target in client.list_targets_by_rule(Rule=rule["Name"])["Targets"]:
                        yield rule, target

    def _deliver(self, event: JsonObject, rule: JsonObject, target: JsonObject) -> None:
        try:
            self._check(target["Arn"], rule["Arn"])
            payload = json.dumps(event).encode()
            self._clients.operator("lambda").invoke(FunctionName=target["Arn"], InvocationType="Event", Payload=payload)
        except (DeliveryError, ClientError) as error:
            _LOG.error("EventBridge: rule %s did not reach %s: %s", rule["Name"], target["Arn"], error)

    def _check(self, function_arn: str, rule_arn: str) -> None:
        """Is the target a function that lets EventBridge in? There is no role here that could allow it.

        Raises:
            DeliveryError: it is none, or does not.
        """
        if ":lambda:" not in function_arn:
            raise DeliveryError("the local cloud delivers to Lambda functions only.")
        client = self._clients.operator("lambda")
        try:
            policy = json.loads(client.get_policy(FunctionName=function_arn)["Policy"])
        except client.exceptions.ResourceNotFoundException:
            policy = {"Statement": []}
        if not any(_allows(statement, rule_arn, self._clients.account) for statement in policy["Statement"]):
            raise DeliveryError(f"its resource policy does not let {_PRINCIPAL} invoke it for {rule_arn}.")


def _allows(statement: JsonObject, rule_arn: str, account: str) -> bool:
    facts = {"aws:sourcearn": rule_arn, "aws:sourceaccount": account}
    conditions = (
        fnmatchcase(facts.get(key.lower(), ""), pattern)
        for tests in statement.get("Condition", {}).values()
        for key, pattern in tests.items()
    )
    invokes: Any = statement["Action"] in {"lambda:InvokeFunction", "lambda:*"}
    return invokes and statement["Principal"] == {"Service": _PRINCIPAL} and all(conditions)
