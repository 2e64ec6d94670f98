"""Events that nobody waits for: tried again when the function fails, and then sent on to where failures go."""

import contextlib
import json
import logging
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.arns import service_of
from penstock.local.clients import Clients
from penstock.local.clock import iso
from penstock.local.service import AwsError, JsonObject
from penstock.local.services.addresses import queue_url
from penstock.local.services.functions.configuration import Configuration
from penstock.local.services.functions.function import Function, Invocation
from penstock.local.services.functions.role import acting

_LOG = logging.getLogger(__name__)
_MOST_RETRIES = 2
_CLOSING_SECONDS = 10
_MOST_AT_ONCE = 8
_SERVED = ("sns", "sqs")


class EventQueue:
    """The queue between Lambda and its functions, as far as it shows: each event has a thread of its own."""

    def __init__(self, clients: Clients, retry_seconds: Sequence[float]) -> None:
        self._clients = clients
        self._retry_seconds = retry_seconds
        self._closed = threading.Event()
        self._running: set[threading.Thread] = set()
        self._slots: dict[str, threading.Semaphore] = {}

    def send(self, function: Function, event: str) -> None:
        """Invoke a function, soon."""
        function.measures.count("AsyncEventsReceived")
        thread = threading.Thread(
            target=self._handle, args=(function, event), name=function.configuration.arn, daemon=True
        )
        self._running.add(thread)
        thread.start()

    def close(self) -> None:
        """Try nothing again, and let what is under way come to its end: it may be the report of a failure."""
        self._closed.set()
        deadline = time.monotonic() + _CLOSING_SECONDS
        for thread in [*self._running]:
            thread.join(max(deadline - time.monotonic(), 0))

    def _slot(self, function: Function) -> threading.Semaphore:
        """Return what an event waits for: a storm of them is to start some processes, and not a thousand."""
        return self._slots.setdefault(function.configuration.arn, threading.Semaphore(_MOST_AT_ONCE))

    def _handle(self, function: Function, event: str) -> None:
        try:
            self._try(function, event)
        except Exception:
            if not self._closed.is_set():  # while the cloud closes, all kinds of things are gone
                _LOG.exception("Lambda: an event for %s is lost", function.configuration.name)
        finally:
            self._running.discard(threading.current_thread())

    def _try(self, function: Function, event: str) -> None:
        settings = function.event_invoke or {}
        tries = 1 + settings.get("MaximumRetryAttempts", _MOST_RETRIES)
        for attempt in range(tries):
            if attempt and self._closed.wait(self._retry_seconds[attempt - 1]):
                return
            with self._slot(function):
                answer = function.invoke(event)
            if not answer.failed:
                return
        if not self._closed.is_set():
            function.measures.count("AsyncEventsDropped")
            self._give_up(function, settings, event, answer, tries)

    def _give_up(self, function: Function, settings: JsonObject, event: str, answer: Invocation, tries: int) -> None:
        configuration = function.configuration
        destination = settings.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        if destination:
            record = json.dumps(_record(configuration, event, answer, tries))
            with _counted(function, "DestinationDeliveryFailures", destination):
                self._send(configuration, destination, record, {})
        if configuration.dead_letters:
            message = json.loads(answer.payload)["errorMessage"]
            attributes = {
                "RequestID": {"DataType": "String", "StringValue": answer.request_id},
                "ErrorCode": {"DataType": "Number", "StringValue": "200"},
                "ErrorMessage": {"DataType": "String", "StringValue": message[:1024] or "?"},
            }
            with _counted(function, "DeadLetterErrors", configuration.dead_letters):
                self._send(configuration, configuration.dead_letters, event, attributes)

    def _send(self, configuration: Configuration, target: str, body: str, attributes: JsonObject) -> None:
        """Send to a topic or a queue, as the function's own role."""
        service = service_of(target)
        client = acting(self._clients, configuration, service)
        if service == "sns":
            client.publish(TopicArn=target, Message=body, MessageAttributes=attributes)
        else:
            queue = queue_url(self._clients, target)
            client.send_message(QueueUrl=queue, MessageBody=body, MessageAttributes=attributes)


def check_target(arn: str) -> None:
    """Refuse a place for failures that is neither a topic nor a queue.

    Raises:
        AwsError: InvalidParameterValueException.
    """
    if service_of(arn) not in _SERVED:
        message = f"{arn}: the local cloud sends failed events to SNS topics and SQS queues only."
        raise AwsError("InvalidParameterValueException", message)


@contextlib.contextmanager
def _counted(function: Function, failures: str, target: str) -> Iterator[None]:
    """Count a failure to send, which is no reason not to send elsewhere."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        function.measures.count(failures)
        _LOG.error("Lambda: a failed event of %s did not reach %s: %s", function.configuration.name, target, error)


def _record(configuration: Configuration, event: str, answer: Invocation, tries: int) -> JsonObject:
    return {
        "version": "1.0",
        "timestamp": iso(datetime.now(UTC)),
        "requestContext": {
            "requestId": answer.request_id,
            "functionArn": f"{configuration.arn}:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": tries,
        },
        "requestPayload": json.loads(event),
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": json.loads(answer.payload),
    }
