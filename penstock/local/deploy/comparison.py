"""Where two values differ, by the paths of what differs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ValueChange:
    """A place where a value differs; `before` or `after` is None where there is nothing."""

    path: str
    before: Any
    after: Any


def compared(before: Any, after: Any, path: str = "") -> Iterator[ValueChange]:
    """Find where two values differ; texts that both hold JSON are compared as what they hold."""
    if before == after:
        return
    match _read(before, after):
        case (dict() as old, dict() as new):
            for key in {**old, **new}:
                yield from compared(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))
        case (list() as old, list() as new) if len(old) == len(new):
            for index, (first, second) in enumerate(zip(old, new, strict=True)):
                yield from compared(first, second, f"{path}[{index}]")
        case (list() as old, list() as new):
            yield from (ValueChange(f"{path}[-]", item, None) for item in old if item not in new)
            yield from (ValueChange(f"{path}[+]", None, item) for item in new if item not in old)
        case _:
            yield ValueChange(path, before, after)


def _read(before: Any, after: Any) -> tuple[Any, Any]:
    if not (isinstance(before, str) and isinstance(after, str) and before[:1] in "{[" and after[:1] in "{["):
        return before, after
    try:
        return json.loads(before), json.loads(after)
    except ValueError:
        return before, after
