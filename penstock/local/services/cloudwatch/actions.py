"""What happens when an alarm changes its state: its actions, and an event."""

import functools
import json
import logging
from typing import Protocol

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.arns import service_of
from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.service import JsonObject
from penstock.local.services.cloudwatch.alarm import Alarm, State
from penstock.local.services.cloudwatch.history import History
from penstock.local.services.cloudwatch.messages import event, invocation, notification, subject
from penstock.local.services.delivery import Lanes

PRINCIPAL = "cloudwatch.amazonaws.com"
_LAMBDA_PRINCIPAL = "lambda.alarms.cloudwatch.amazonaws.com"
_LOG = logging.getLogger(__name__)


class Bus(Protocol):
    """EventBridge."""

    def publish(self, event: JsonObject) -> object:
        """Send an event."""
        ...


class Actions:
    """Carries out the actions of alarms, those of each alarm one after the other; no alarm waits for them.

    It acts as CloudWatch, in the alarm's name: the policies of the topics, keys and functions decide.
    """

    def __init__(self, *, clients: Clients, events: Bus, history: History, clock: Clock) -> None:
        self._clients = clients
        self._events = events
        self._history = history
        self._clock = clock
        self._lanes = Lanes("CloudWatch: alarm")

    def moved(self, alarm: Alarm, former: State) -> None:
        """Take note of an alarm that has changed its state."""
        self._lanes.put(alarm.name, functools.partial(self._carry_out, alarm, former))

    def close(self) -> None:
        """Carry out what is due, and no more."""
        self._lanes.close()

    def _carry_out(self, alarm: Alarm, former: State) -> None:
        self._events.publish(event(alarm, former))
        for action in alarm.actions:
            self._act(action, alarm, former)

    def _act(self, action: str, alarm: Alarm, former: State) -> None:
        to_topic = service_of(action) == "sns"
        message = json.dumps((notification if to_topic else invocation)(alarm, former), separators=(",", ":"))
        error = None
        try:
            if to_topic:
                sns = self._clients.service(PRINCIPAL, "sns", source=alarm.arn)
                sns.publish(TopicArn=action, Subject=subject(alarm), Message=message)
            else:
                function = self._clients.service(_LAMBDA_PRINCIPAL, "lambda", source=alarm.arn)
                function.invoke(FunctionName=action, InvocationType="Event", Payload=message.encode())
        except (ClientError, BotoCoreError) as problem:
            error = str(problem)
            _LOG.error("CloudWatch: alarm %s did not reach %s: %s", alarm.name, action, error)
        self._history.acted(alarm, action, error, message, self._clock.now())
