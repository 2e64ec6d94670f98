"""How long messages are kept: the one thing of moto's queues that is replaced.

To learn a queue's retention period, moto makes a list of all its attributes, and for that goes through its messages
three times, for each message that it hands out: in a queue of 1,000, a receive held up every other call for 0.2 s.
"""

from typing import Any

from moto.core.utils import unix_time
from moto.sqs.models import SQSBackend

from penstock.errors import CloudError

_NAME = "is_message_valid_based_on_retention_period"


def install() -> None:
    """Replace it.

    Raises:
        CloudError: this moto has no such method.
    """
    if not callable(getattr(SQSBackend, _NAME, None)):
        raise CloudError(f"moto's SQS has no {_NAME}: see penstock/local/services/sqs/retention.py.")
    setattr(SQSBackend, _NAME, _is_kept)


def _is_kept(self: Any, queue_name: str, message: Any) -> bool:
    period: int = self.get_queue(queue_name).message_retention_period
    return bool(period + message.sent_timestamp / 1000 > unix_time())
