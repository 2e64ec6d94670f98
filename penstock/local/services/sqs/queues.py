"""What moto's queues lack: to wait without holding anybody up, and metrics.

moto keeps the messages, their visibility and their redrive. Its own wait would hold up every other call.
"""

import json
import re
import threading
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from moto.sqs.models import sqs_backends
from werkzeug.wrappers import Response

from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.gateway.overlay import Overlay
from penstock.local.gateway.requests import Call
from penstock.local.service import Caller, JsonObject
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.sqs import deduplication, retention
from penstock.local.services.sqs.measures import Gauges, measure

# Messages become visible again by themselves: how often to look.
_LOOK_SECONDS = 0.1
_MESSAGE = re.compile(rb'"MessageId"|<MessageId>')


class Queues(Overlay):
    """Long polls wait here, and moto is asked again when there is something to receive."""

    def __init__(self, *, clients: Clients, clock: Clock, metrics: Metrics) -> None:
        retention.install()
        deduplication.install()
        self._clients = clients
        self._metrics = metrics
        self._arrived = threading.Condition()
        self._closed = False
        self._gauges = Gauges(queues=self.all, clock=clock, metrics=metrics)

    def body(self, call: Call) -> bytes | None:
        """Return a request that does not wait."""
        if call.operation.name != "ReceiveMessage" or call.body is None:
            return call.body
        if call.protocol == "json":
            return json.dumps(json.loads(call.body) | {"WaitTimeSeconds": 0}).encode()
        return urlencode(dict(parse_qsl(call.body.decode())) | {"WaitTimeSeconds": "0"}).encode()

    def again(self, call: Call, response: Response, seconds: float) -> bool:
        """Wait for a message as long as the request wants to."""
        if call.operation.name != "ReceiveMessage" or response.status_code != 200:  # noqa: PLR2004
            return False
        queue = self._queue(call.parameters)
        if queue is None or _MESSAGE.search(response.get_data()):
            return False
        wait = call.parameters.get("WaitTimeSeconds", queue.receive_message_wait_time_seconds)
        return self._wait(queue, wait - seconds)

    def announce(self, call: Call, caller: Caller, response: Response) -> None:  # noqa: ARG002
        """Wake who waits for messages, and count."""
        with self._arrived:
            self._arrived.notify_all()
        for name, value, unit in measure(call, response):
            dimensions = {"QueueName": _name(call.parameters)}
            self._metrics.add("AWS/SQS", name, value, unit, dimensions)

    def close(self) -> None:
        """End every wait."""
        self._gauges.close()
        with self._arrived:
            self._closed = True
            self._arrived.notify_all()

    def _wait(self, queue: Any, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not self._closed and (left := deadline - time.monotonic()) > 0:
            with self._arrived:
                self._arrived.wait(min(left, _LOOK_SECONDS))
            if queue.messages:
                return True
        return False

    def _queue(self, request: JsonObject) -> Any:
        return sqs_backends[self._clients.account][self._clients.region].queues.get(_name(request))

    def all(self) -> Sequence[Any]:
        """Return every queue."""
        return [*sqs_backends[self._clients.account][self._clients.region].queues.values()]


def _name(request: JsonObject) -> str:
    return str(request.get("QueueUrl", "")).rpartition("/")[2]
