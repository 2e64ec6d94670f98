"""What each intrinsic function does; what does not fit raises an error, which fails with States.IntrinsicFailure."""

import base64
import hashlib
import json
import random
import re
import uuid
from collections.abc import Callable
from typing import Any

from penstock.local.services.stepfunctions.shapes import to_json

_MOST_ITEMS = 1000
_MOST_CHARACTERS = 10_000
_HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
# Braces that were escaped in a text of the definition.
_OPEN, _CLOSE = "\ue000", "\ue001"


def _format(template: str, *values: Any) -> str:
    parts = template.split("{}")
    if len(parts) - 1 != len(values):
        raise ValueError(f"{template!r} has {len(parts) - 1} places for {len(values)} values.")
    filled = "".join(part + shown for part, shown in zip(parts, [*map(_shown, values), ""], strict=True))
    return filled.replace(_OPEN, "{").replace(_CLOSE, "}")


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value)


def _partition(array: list[Any], size: float) -> list[list[Any]]:
    step = round(size)
    if step <= 0:
        raise ValueError(f"An array cannot be cut into parts of {size}.")
    return [array[start : start + step] for start in range(0, len(array), step)]


def _range(first: float, last: float, step: float) -> list[int]:
    by = round(step)
    numbers = range(round(first), round(last) + (1 if by > 0 else -1), by)
    if len(numbers) > _MOST_ITEMS:
        raise ValueError(f"An array of {len(numbers)} items has more than {_MOST_ITEMS}.")
    return [*numbers]


def _item(array: list[Any], index: float) -> Any:
    if not 0 <= index < len(array):
        raise ValueError(f"There is no item {index} in an array of {len(array)}.")
    return array[round(index)]


def _unique(array: list[Any]) -> list[Any]:
    return [*{json.dumps(item, sort_keys=True): item for item in reversed(array)}.values()][::-1]


def _length(array: Any) -> int:
    if not isinstance(array, list):
        raise TypeError(f"{array!r} is no array.")
    return len(array)


def _encode(text: str) -> str:
    if len(text) > _MOST_CHARACTERS:
        raise ValueError(f"The text has more than {_MOST_CHARACTERS} characters.")
    return base64.b64encode(text.encode()).decode()


def _decode(text: str) -> str:
    if len(text) > _MOST_CHARACTERS:
        raise ValueError(f"The text has more than {_MOST_CHARACTERS} characters.")
    return base64.b64decode(text, validate=True).decode()


def _hash(value: Any, algorithm: str) -> str:
    return hashlib.new(_HASHES[algorithm], _shown(value).encode()).hexdigest()


def _merge(first: dict[str, Any], second: dict[str, Any], deep: Any) -> dict[str, Any]:
    if deep is not False:
        raise ValueError("Step Functions supports the shallow merging mode only: the third argument must be false.")
    return first | second


def _random(start: float, end: float, seed: float | None = None) -> int:
    """Return a number from the start, inclusive, to the end, exclusive."""
    return (random.Random() if seed is None else random.Random(seed)).randrange(round(start), round(end))  # noqa: S311


def _add(first: float, second: float) -> int:
    return round(first) + round(second)


def _split(text: str, characters: str) -> list[str]:
    parts = re.split(f"[{re.escape(characters)}]", text) if characters else [text]
    return [part for part in parts if part]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "States.Array": lambda *values: [*values],
    "States.ArrayContains": lambda array, value: value in array,
    "States.ArrayGetItem": _item,
    "States.ArrayLength": _length,
    "States.ArrayPartition": _partition,
    "States.ArrayRange": _range,
    "States.ArrayUnique": _unique,
    "States.Base64Decode": _decode,
    "States.Base64Encode": _encode,
    "States.Format": _format,
    "States.Hash": _hash,
    "States.JsonMerge": _merge,
    "States.JsonToString": to_json,
    "States.MathAdd": _add,
    "States.MathRandom": _random,
    "States.StringSplit": _split,
    "States.StringToJson": json.loads,
    "States.UUID": lambda: str(uuid.uuid4()),
}
