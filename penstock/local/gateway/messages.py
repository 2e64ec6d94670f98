"""Messages in moto's queues: a journal has what was sent, and what has been deleted since."""

from collections.abc import Iterator, Set
from typing import Any

from penstock.local.gateway.requests import Call


def deleted(call: Call, moto: Any) -> list[str]:
    """Return the ids of the messages that a call is about to delete: the next time they have other receipt handles."""
    match call.operation.name:
        case "DeleteMessage":
            handles = {call.parameters["ReceiptHandle"]}
        case "DeleteMessageBatch":
            handles = {entry["ReceiptHandle"] for entry in call.parameters["Entries"]}
        case _:
            return []
    return [message.id for message in _all(moto) if handles & {*message.all_receipt_handles}]


def take_out(moto: Any, messages: Set[str]) -> None:
    """Take messages out of the queues that they are in."""
    for queue in moto.queues.values():
        queue._messages = [message for message in queue._messages if message.id not in messages]


def _all(moto: Any) -> Iterator[Any]:
    for queue in moto.queues.values():
        yield from queue._messages
