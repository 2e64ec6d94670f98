"""Polls a queue as a function's role, and invokes the function with batches of its messages."""

import itertools
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.service import AwsError, JsonObject
from penstock.local.services.addresses import queue_url
from penstock.local.services.functions import batches
from penstock.local.services.functions.function import Function
from penstock.local.services.functions.role import acting

_LOG = logging.getLogger(__name__)
_MOST_MESSAGES = 10  # in one call of SQS
_MOST_BYTES = 6_000_000  # of an event
_POLL_SECONDS = 5  # of one long poll: so late a poller may end
_STEP_SECONDS = 1  # of one look into the queue within a batching window
_PROBLEM_SECONDS = 1.0
_CLOSING_SECONDS = 10
# AWS begins with five batches at a time, and goes up to hundreds: one laptop has no use for that.
_MOST_BATCHES = 5


class Poller:
    """One mapping at work; `find` gives its function as it is now."""

    def __init__(self, *, settings: JsonObject, find: Callable[[], Function], clients: Clients, clock: Clock) -> None:
        self.result = "No records processed"
        self._settings = settings
        self._find = find
        self._clients = clients
        self._clock = clock
        self._queue: str = settings["EventSourceArn"]
        self._stopped = threading.Event()
        self._closing = False
        most = settings.get("ScalingConfig", {}).get("MaximumConcurrency", _MOST_BATCHES)
        self._slots = threading.Semaphore(min(most, _MOST_BATCHES))
        self._handling: set[threading.Thread] = set()
        self._thread = threading.Thread(target=self._poll, name=f"poller {self._queue}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Receive nothing any more."""
        self._stopped.set()

    def join(self) -> None:
        """Wait until the batches that the function has are dealt with."""
        self._closing = True
        self._stopped.set()
        deadline = time.monotonic() + _CLOSING_SECONDS
        for thread in [self._thread, *self._handling]:
            thread.join(max(deadline - time.monotonic(), 0))

    def _poll(self) -> None:
        while not self._stopped.is_set():
            if not self._slots.acquire(timeout=_STEP_SECONDS):
                continue
            messages: list[JsonObject] = []
            try:
                messages = self._collect()
            except Exception as error:
                self._problem(error)
            if messages and not self._closing:
                thread = threading.Thread(target=self._handle, args=(messages,), name=self._thread.name, daemon=True)
                self._handling.add(thread)
                thread.start()
            else:
                self._slots.release()

    def _collect(self) -> list[JsonObject]:
        """Return a batch: what there is, or what comes within the batching window."""
        most: int = self._settings["BatchSize"]
        messages = self._receive(most, _POLL_SECONDS)
        window = self._clock.real(self._settings["MaximumBatchingWindowInSeconds"])
        deadline = time.monotonic() + window if messages and window else 0.0
        while len(messages) < most and sum(map(batches.size, messages)) < _MOST_BYTES:
            left = deadline - time.monotonic()
            if left <= 0 or self._stopped.is_set():
                break
            if left < _STEP_SECONDS:
                self._stopped.wait(left)  # shorter than a long poll can be
            messages += self._receive(most - len(messages), _STEP_SECONDS if left >= _STEP_SECONDS else 0)
        return messages

    def _receive(self, most: int, seconds: int) -> list[JsonObject]:
        received: list[JsonObject] = (
            self._client()
            .receive_message(
                QueueUrl=queue_url(self._clients, self._queue),
                MaxNumberOfMessages=min(most, _MOST_MESSAGES),
                WaitTimeSeconds=seconds,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["All"],
            )
            .get("Messages", [])
        )
        return received

    def _handle(self, messages: list[JsonObject]) -> None:
        try:
            self._delete(self._done(messages))
        except Exception as error:
            self._problem(error)
        finally:
            self._slots.release()
            self._handling.discard(threading.current_thread())

    def _done(self, messages: list[JsonObject]) -> list[JsonObject]:
        """Invoke the function; return the messages that are done with: dealt with, or not wanted."""
        filters = self._settings.get("FilterCriteria", {}).get("Filters", [])
        patterns = [one["Pattern"] for one in filters if "Pattern" in one]
        batch = [message for message in messages if batches.wanted(message, patterns)]
        if not batch:
            return messages
        answer = self._find().invoke(batches.event(batch, self._queue))
        self.result = "PROBLEM: Function call failed" if answer.failed else "OK"
        bad: set[str] = set()
        if answer.failed:
            bad = {message["MessageId"] for message in batch}
        elif "ReportBatchItemFailures" in self._settings["FunctionResponseTypes"]:
            bad = batches.failed(answer.payload, batch)
        return [message for message in messages if message["MessageId"] not in bad]

    def _delete(self, messages: Sequence[JsonObject]) -> None:
        for start in range(0, len(messages), _MOST_MESSAGES):
            some = messages[start : start + _MOST_MESSAGES]
            entries = [
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                for number, message in zip(itertools.count(), some, strict=False)
            ]
            self._client().delete_message_batch(QueueUrl=queue_url(self._clients, self._queue), Entries=entries)

    def _client(self) -> Any:
        return acting(self._clients, self._find().configuration, "sqs")

    def _problem(self, error: Exception) -> None:
        """Say what is wrong, once, and pause; what is no answer of a service is ours to mend, and has its traceback."""
        answered = isinstance(error, ClientError | BotoCoreError | AwsError)
        result = f"PROBLEM: {error}"
        if result != self.result and not self._stopped.is_set():
            _LOG.error("Lambda: the event source %s: %s", self._queue, error, exc_info=None if answered else error)
        self.result = result
        self._stopped.wait(_PROBLEM_SECONDS)
