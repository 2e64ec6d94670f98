"""What a first-in-first-out queue has been sent of late: moto forgets a message's id when the message is deleted.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
"""

from functools import partial
from typing import Any

from moto.sqs.models import DEDUPLICATION_TIME_IN_SECONDS, Queue

from penstock.errors import CloudError

_NAME = "add_message"
_SENT = "_penstock_sent"  # deduplication id → when it was sent, in milliseconds


def install() -> None:
    """Replace how a message comes into a queue, once.

    Raises:
        CloudError: this moto has no such method.
    """
    add = getattr(Queue, _NAME, None)
    if isinstance(add, _Adding):
        return
    if not callable(add):
        raise CloudError(f"moto's SQS has no {_NAME}: see penstock/local/services/sqs/deduplication.py.")
    setattr(Queue, _NAME, _Adding(add))


class _Adding:
    """moto's method, for what is no duplicate."""

    def __init__(self, add: Any) -> None:
        self._add = add

    def __get__(self, queue: Any, _owner: type | None = None) -> Any:
        return self if queue is None else partial(self._once, queue)

    def _once(self, queue: Any, message: Any) -> None:
        if queue.fifo_queue and message.deduplication_id:
            sent = queue.__dict__.setdefault(_SENT, {})
            oldest = message.sent_timestamp - DEDUPLICATION_TIME_IN_SECONDS * 1000
            for known in [known for known, when in sent.items() if when <= oldest]:
                del sent[known]
            if message.deduplication_id in sent:
                return
            sent[message.deduplication_id] = message.sent_timestamp
        self._add(queue, message)
