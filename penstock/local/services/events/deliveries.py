"""Events on their way to targets: tried again as the target's policy says, and then to its dead letters."""

import functools
import logging
import random
from datetime import datetime

from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.service import JsonObject
from penstock.local.services.addresses import Sender, text_attributes
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.delivery import Failure, Lanes, Retries, deliver
from penstock.local.services.events.inputs import given
from penstock.local.services.events.rules import Rule
from penstock.local.services.events.targets import PRINCIPAL, Targets

_LOG = logging.getLogger(__name__)
_NAMESPACE = "AWS/Events"
_MOST_RETRIES, _MOST_SECONDS = 185, 86_400
_LONGEST_DELAY = 600.0
_MOST_CHARACTERS = 1024


class Deliveries:
    """Deliveries to each target are in order; no target waits for another."""

    def __init__(self, *, clients: Clients, clock: Clock, metrics: Metrics) -> None:
        self._clients = clients
        self._clock = clock
        self._metrics = metrics
        self._targets = Targets(clients)
        self._lanes = Lanes("EventBridge")

    def start(self, rule: Rule, event: JsonObject) -> None:
        """Send an event to every target of a rule, soon."""
        self._count(rule, "TriggeredRules")
        for target in rule.targets:
            if "::events-target/" in target["Arn"]:
                continue  # Step Functions' own, which looks by itself
            work = functools.partial(self._deliver, rule, target, event, self._clock.now())
            self._lanes.put((rule.arn, target["Id"]), work)

    def close(self) -> None:
        """Deliver what is on its way, and no more."""
        self._lanes.close()

    def _deliver(self, rule: Rule, target: JsonObject, event: JsonObject, since: datetime) -> None:
        text = given(target, event, {"arn": rule.arn, "name": rule.name})
        failure = deliver(
            lambda: self._targets.send(rule, target, text, event["id"]),
            _retries(target.get("RetryPolicy", {})),
            since=since,
            clock=self._clock,
            closing=self._lanes.closing,
        )
        self._count(rule, "Invocations")
        if failure is not None:
            self._count(rule, "FailedInvocations")
            _LOG.error("EventBridge: rule %s did not reach %s: %s", rule.name, target["Arn"], failure.error)
            self._bury(rule, target, event, failure)

    def _bury(self, rule: Rule, target: JsonObject, event: JsonObject, failure: Failure) -> None:
        """Send an event to the dead letters of its target, if there are any."""
        queue = target.get("DeadLetterConfig", {}).get("Arn")
        if not queue:
            return
        attributes = {
            "RULE_ARN": rule.arn,
            "TARGET_ARN": target["Arn"],
            "ERROR_CODE": _error_code(failure),
            "ERROR_MESSAGE": str(failure.error)[:_MOST_CHARACTERS],
            "EXHAUSTED_RETRY_CONDITION": failure.condition,
            "RETRY_ATTEMPTS": str(failure.retries),
        }
        sender = Sender(self._clients, PRINCIPAL, rule.arn)
        lost = deliver(
            lambda: sender.enqueue(queue, given({}, event, {}), attributes=text_attributes(attributes)),
            _retries({}),
            since=self._clock.now(),
            clock=self._clock,
            closing=self._lanes.closing,
        )
        self._count(rule, "InvocationsFailedToBeSentToDlq" if lost else "InvocationsSentToDlq")
        if lost is not None:
            _LOG.error("EventBridge: rule %s did not reach the dead letters %s: %s", rule.name, queue, lost.error)

    def _count(self, rule: Rule, name: str) -> None:
        self._metrics.add(_NAMESPACE, name, 1, "Count", rule.dimensions)


def _retries(policy: JsonObject) -> Retries:
    return Retries(
        most=policy.get("MaximumRetryAttempts", _MOST_RETRIES),
        most_seconds=policy.get("MaximumEventAgeInSeconds", _MOST_SECONDS),
        # Twice as long each time, and some of it by chance.
        delay=lambda attempt: min(2.0**attempt, _LONGEST_DELAY) * random.uniform(0.5, 1.0),  # noqa: S311
    )


def _error_code(failure: Failure) -> str:
    if "AccessDenied" in failure.code or "AuthorizationError" in failure.code:
        return "NO_PERMISSIONS"
    if "NotFound" in failure.code or "DoesNotExist" in failure.code or "NonExistent" in failure.code:
        return "NO_RESOURCE"
    return "ERROR_FROM_TARGET" if failure.condition else "SDK_CLIENT_ERROR"
