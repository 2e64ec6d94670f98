"""Buckets tell what happens to their objects: EventBridge, functions, queues and topics.

moto would deliver some of it itself, at once and without asking who may: it never sees a configuration.
"""

import functools
import logging
import threading
from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError
from werkzeug.wrappers import Response

from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.gateway.overlay import Overlay
from penstock.local.gateway.requests import Call
from penstock.local.service import AwsError, Caller, JsonObject
from penstock.local.services.addresses import Sender, compact
from penstock.local.services.delivery import Lanes, Retries, deliver
from penstock.local.services.events import Events
from penstock.local.services.s3.changes import Doomed, Objects
from penstock.local.services.s3.configuration import Configuration, Destination
from penstock.local.services.s3.records import Told, test_event

_LOG = logging.getLogger(__name__)
_PRINCIPAL = "s3.amazonaws.com"
_PUT, _GET = "PutBucketNotificationConfiguration", "GetBucketNotificationConfiguration"
_NOTHING = b'<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>'
# S3 tries for a day or so.
_RETRIES = Retries(most=200, delay=lambda attempt: min(2.0**attempt, 600.0), most_seconds=86_400)


class Notifications(Overlay):
    """The configurations by bucket; messages to each destination are in order."""

    def __init__(self, *, clients: Clients, clock: Clock, events: Events) -> None:
        self._clients = clients
        self._clock = clock
        self._events = events
        self._objects = Objects(clients)
        self._lanes = Lanes("S3")
        self._lock = threading.Lock()
        self._put: dict[str, Configuration] = {}
        self._before = threading.local()  # what a thread's call is about to delete

    def answer(self, call: Call, caller: Caller) -> JsonObject | None:  # noqa: ARG002
        """Return a configuration as it was put; check a new one, and that its destinations can be reached."""
        name, bucket = call.operation.name, call.parameters.get("Bucket", "")
        self._before.doomed = self._objects.doomed(call)
        if name == _PUT:
            configuration = Configuration.read(call.parameters["NotificationConfiguration"])
            if not call.parameters.get("SkipDestinationValidation"):
                self._check(bucket, configuration)
        if name == _GET and bucket in self._put:
            return self._put[bucket].given
        return None

    def body(self, call: Call) -> bytes | None:
        """Return a body that configures nothing."""
        return _NOTHING if call.operation.name == _PUT else call.body

    def done(self, call: Call, caller: Caller, response: Response) -> None:  # noqa: ARG002
        """Note a configuration."""
        bucket = call.parameters.get("Bucket", "")
        with self._lock:
            if call.operation.name == _PUT:
                self._put[bucket] = Configuration.read(call.parameters["NotificationConfiguration"])
            elif call.operation.name == "DeleteBucket":
                self._put.pop(bucket, None)

    def announce(self, call: Call, caller: Caller, response: Response) -> None:
        """Tell what a call did to objects."""
        bucket = call.parameters.get("Bucket", "")
        configuration = self._put.get(bucket)
        if configuration is None:
            return
        doomed: Sequence[Doomed] = self._before.doomed
        for change in self._objects.changes(call, response, doomed):
            told = Told(bucket, self._arn(bucket), self._clients.region, change, caller, self._clock.now())
            if configuration.event_bridge:
                self._events.publish(told.event())
            for destination in configuration.destinations:
                if destination.wants(change.event, change.key):
                    text = compact(told.record(destination.id))
                    work = functools.partial(self._deliver, bucket, destination, text)
                    self._lanes.put(destination.arn, work)

    def close(self) -> None:
        """Tell what has happened, and no more."""
        self._lanes.close()

    def _check(self, bucket: str, configuration: Configuration) -> None:
        """Send each queue and topic a test event, and ask each function whether S3 may invoke it.

        Raises:
            AwsError: InvalidArgument.
        """
        for destination in configuration.destinations:
            try:
                if destination.service == "lambda":
                    client = Sender(self._clients, _PRINCIPAL, self._arn(bucket)).client("lambda")
                    client.invoke(FunctionName=destination.arn, InvocationType="DryRun")
                else:
                    self._send(bucket, destination, compact(test_event(bucket, self._clock.now())))
            except (ClientError, BotoCoreError) as error:
                message = f"Unable to validate the following destination configurations: {destination.arn}: {error}"
                raise AwsError("InvalidArgument", message) from error

    def _deliver(self, bucket: str, destination: Destination, text: str) -> None:
        failure = deliver(
            lambda: self._send(bucket, destination, text),
            _RETRIES,
            since=self._clock.now(),
            clock=self._clock,
            closing=self._lanes.closing,
        )
        if failure is not None:
            _LOG.error("S3: bucket %s did not reach %s: %s", bucket, destination.arn, failure.error)

    def _send(self, bucket: str, destination: Destination, text: str) -> None:
        sender = Sender(self._clients, _PRINCIPAL, self._arn(bucket))
        match destination.service:
            case "lambda":
                sender.invoke(destination.arn, text)
            case "sqs":
                sender.enqueue(destination.arn, text)
            case _:
                sender.publish(destination.arn, text, subject="Amazon S3 Notification")

    def _arn(self, bucket: str) -> str:
        return self._clients.global_arn("s3", bucket, account=False)
