"""JSON as the services of AWS read it: Python's own reader takes more."""

import json
from typing import Any

# The deepest text of which anything in this cloud, that calls itself for each level, comes to an end.
_MOST_LEVELS = 100


def parse(text: str | bytes) -> Any:
    """Read a text.

    Raises:
        ValueError: it is no JSON: NaN and Infinity, which Python takes for numbers, are none; or it is too deep.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("it is nested too deeply.") from error


def parse_shallow(text: str) -> Any:
    """Read a text that goes on to what calls itself for each level.

    Raises:
        ValueError: it is no JSON, or it has more levels than can be served.
    """
    value = parse(text)
    levels, left = 0, _items([value])
    while left:
        levels += 1
        left = [item for one in left for item in _items(one)]
    if levels > _MOST_LEVELS:
        raise ValueError(f"it is nested more than {_MOST_LEVELS} levels deep, which the local cloud does not take.")
    return value


def _items(value: dict[str, Any] | list[Any]) -> list[Any]:
    """Return what is in a value and has something in it itself."""
    items = value.values() if isinstance(value, dict) else value
    return [item for item in items if isinstance(item, dict | list)]


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON.")
