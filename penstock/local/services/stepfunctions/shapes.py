"""Requests and responses as they look in a state: PascalCase names, and nothing but JSON."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.model import Shape
from botocore.response import StreamingBody

Timestamp = Callable[[datetime], str | int]


def milliseconds(moment: datetime) -> datetime:
    """Return a time as Step Functions keeps it."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def epoch_milliseconds(moment: datetime) -> int:
    """Return a timestamp as SageMaker's own integration gives it."""
    return round(moment.timestamp() * 1000)


def to_request(value: Any, shape: Shape | None) -> Any:
    """Return a state's Arguments in the API's own names; what the API does not know stays, for its client to refuse."""
    if shape is None:
        return value
    if shape.type_name == "structure" and isinstance(value, dict):
        names = {_pascal(name): name for name in shape.members}
        return {
            names.get(key, key): to_request(item, shape.members.get(names.get(key, key))) for key, item in value.items()
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [to_request(item, shape.member) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: to_request(item, shape.value) for key, item in value.items()}
    if shape.type_name == "blob" and not isinstance(value, bytes):
        return json.dumps(value, separators=(",", ":")).encode()
    return value


def to_state(value: Any, shape: Shape, timestamp: Timestamp) -> Any:
    """Return an API's response as a state sees it."""
    if isinstance(value, StreamingBody):
        value = value.read()
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, datetime):
        return timestamp(value)
    if shape.type_name == "structure" and isinstance(value, dict):
        known = ((name, item) for name, item in value.items() if name in shape.members)
        return {_pascal(name): to_state(item, shape.members[name], timestamp) for name, item in known}
    if shape.type_name == "list" and isinstance(value, list):
        return [to_state(item, shape.member, timestamp) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: to_state(item, shape.value, timestamp) for key, item in value.items()}
    return value


def _pascal(name: str) -> str:
    return name[0].upper() + name[1:]


def to_json(value: Any) -> str:
    """Return a value as a state's data is written: its characters stand as they are, as quotas count them."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def size(value: Any) -> int:
    """Return how many bytes a value has as JSON, as quotas count them."""
    text = value if isinstance(value, str) else to_json(value)
    return len(text.encode(errors="surrogatepass"))
