"""How an event reaches each kind of target."""

import contextlib
import time
import uuid
from collections.abc import Callable

from penstock.local.arns import service_of
from penstock.local.clients import Clients
from penstock.local.service import JsonObject
from penstock.local.services.addresses import Sender
from penstock.local.services.events.rules import Rule

PRINCIPAL = "events.amazonaws.com"
# What targets can be of.
SERVICES = ("lambda", "logs", "sns", "sqs", "states")


class Targets:
    """The targets that are served: as EventBridge itself, or with the target's role."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._kinds: dict[str, Callable[[Sender, JsonObject, str, str], None]] = {
            "lambda": lambda sender, target, text, _event: sender.invoke(target["Arn"], text),
            "logs": self._log,
            "sns": lambda sender, target, text, _event: sender.publish(target["Arn"], text),
            "sqs": self._enqueue,
            "states": self._start,
        }

    def send(self, rule: Rule, target: JsonObject, text: str, event: str) -> None:
        """Give a target the text for an event, by the event's id.

        Raises:
            ClientError: it was not taken.
        """
        sender = Sender(self._clients, PRINCIPAL, rule.arn, target.get("RoleArn", ""))
        self._kinds[service_of(target["Arn"])](sender, target, text, event)

    def _enqueue(self, sender: Sender, target: JsonObject, text: str, _event: str) -> None:
        sender.enqueue(target["Arn"], text, group=target.get("SqsParameters", {}).get("MessageGroupId"))

    def _log(self, sender: Sender, target: JsonObject, text: str, event: str) -> None:
        group, client = target["Arn"].split(":log-group:")[1].removesuffix(":*"), sender.client("logs")
        with contextlib.suppress(client.exceptions.ResourceAlreadyExistsException):  # an attempt before made it
            client.create_log_stream(logGroupName=group, logStreamName=event)
        line = {"timestamp": int(time.time() * 1000), "message": text}
        client.put_log_events(logGroupName=group, logStreamName=event, logEvents=[line])

    def _start(self, sender: Sender, target: JsonObject, text: str, event: str) -> None:
        # The same name for the same event and target: a start whose answer was lost is not repeated.
        name = f"{event}_{uuid.uuid5(uuid.NAMESPACE_URL, sender.source + target['Id'])}"
        sender.client("stepfunctions").start_execution(stateMachineArn=target["Arn"], name=name, input=text)
