"""The metrics of queues: what a call did, and once a minute what is in them.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from werkzeug.wrappers import Response

from penstock.local.clock import Clock
from penstock.local.gateway.requests import Call
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.rounds import Rounds

_PERIOD_SECONDS = 60
_SHORTEST_SECONDS = 0.25  # of the machine
_ID = re.compile(rb'"(?:MessageId)"|<MessageId>')
_DONE = re.compile(rb'"Id"|<Id>')
_FAILED = re.compile(rb'"SenderFault"|<SenderFault>')
_Measure = tuple[str, float, str]


def measure(call: Call, response: Response) -> Iterator[_Measure]:
    """Yield the name, value and unit of what a call is counted as."""
    request, answer = call.parameters, response.get_data()
    match call.operation.name:
        case "SendMessage":
            yield from _sent([request])
        case "SendMessageBatch":
            yield from _sent(request["Entries"])
        case "ReceiveMessage":
            received = len(_ID.findall(answer))
            name = "NumberOfMessagesReceived" if received else "NumberOfEmptyReceives"
            yield name, received or 1, "Count"
        case "DeleteMessage":
            yield "NumberOfMessagesDeleted", 1, "Count"
        case "DeleteMessageBatch":
            deleted = len(_DONE.findall(answer)) - len(_FAILED.findall(answer))
            yield "NumberOfMessagesDeleted", deleted, "Count"


def _sent(messages: Sequence[Any]) -> Iterator[_Measure]:
    yield "NumberOfMessagesSent", len(messages), "Count"
    for message in messages:
        yield "SentMessageSize", len(message["MessageBody"].encode()), "Bytes"


class Gauges:
    """Says once a minute, in the time of the cloud, how many messages each queue has."""

    def __init__(self, *, queues: Callable[[], Sequence[Any]], clock: Clock, metrics: Metrics) -> None:
        self._queues = queues
        self._clock = clock
        self._metrics = metrics
        self._rounds = Rounds("SQS: metrics", self._say_all, pause=self._pause)
        self._rounds.start()

    def close(self) -> None:
        """Say nothing any more."""
        self._rounds.close()

    def _pause(self) -> float:
        return max(self._clock.real(_PERIOD_SECONDS), _SHORTEST_SECONDS)

    def _say_all(self) -> None:
        for queue in self._queues():
            self._say(queue)

    def _say(self, queue: Any) -> None:
        values = {
            "ApproximateNumberOfMessagesVisible": queue.approximate_number_of_messages,
            "ApproximateNumberOfMessagesNotVisible": queue.approximate_number_of_messages_not_visible,
            "ApproximateNumberOfMessagesDelayed": queue.approximate_number_of_messages_delayed,
        }
        for name, value in values.items():
            self._metrics.add("AWS/SQS", name, value, "Count", {"QueueName": queue.name})
