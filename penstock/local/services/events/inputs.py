"""What a target is given: the event, a part of it, a constant, or a text made of its parts."""

import json
import re
from collections.abc import Mapping
from typing import Any

from penstock.local.service import JsonObject

_STEP = re.compile(r"\.(?P<name>[\w-]+)|\[(?P<quote>['\"])(?P<quoted>.+?)(?P=quote)\]|\[(?P<index>\d+)\]")
_TOKEN = re.compile(r'<(?P<variable>[\w.-]+)>|(?P<escaped>\\.)|(?P<quote>")|[^<"\\]+|<')
_NOTHING = object()
_RESERVED = (
    *("aws.events.rule-arn", "aws.events.rule-name", "aws.events.event.ingestion-time"),
    *("aws.events.event", "aws.events.event.json"),
)


class PathError(ValueError):
    """A path that is none."""


def given(target: JsonObject, event: JsonObject, rule: Mapping[str, str]) -> str:
    """Return the text that a target gets for an event; `rule` has its `arn` and `name`."""
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return json.dumps(_found(event, target["InputPath"]))
    if "InputTransformer" in target:
        return _transformed(target["InputTransformer"], event, rule)
    return json.dumps(event)


def unknown_variables(transformer: JsonObject) -> list[str]:
    """Return the variables of a template that neither its paths nor EventBridge give."""
    known = {*_RESERVED, *transformer.get("InputPathsMap", {})}
    found = (token["variable"] for token in _TOKEN.finditer(transformer["InputTemplate"]))
    return sorted({name for name in found if name and name not in known})


def steps(path: str) -> list[str | int]:
    """Return the names and numbers that a path such as $.detail.items[0] goes through.

    Raises:
        PathError: it is none.
    """
    if not path.startswith("$"):
        raise PathError(f"{path} does not begin with $.")
    result: list[str | int] = []
    position = 1
    while position < len(path):
        step = _STEP.match(path, position)
        if step is None:
            raise PathError(f"{path} cannot be read from {path[position:]} on.")
        result.append(int(step["index"]) if step["index"] else step["name"] or step["quoted"])
        position = step.end()
    return result


def _found(event: Any, path: str) -> Any:
    value = _lookup(event, path)
    return None if value is _NOTHING else value


def _lookup(event: Any, path: str) -> Any:
    value = event
    for step in steps(path):
        index = isinstance(step, int) and isinstance(value, list) and step < len(value)
        if not index and not (isinstance(value, dict) and step in value):
            return _NOTHING
        value = value[step]
    return value


def _transformed(transformer: JsonObject, event: JsonObject, rule: Mapping[str, str]) -> str:
    """Fill in a template: a variable within quotes is text, and one without is JSON, whatever it stands for."""
    rest = {key: value for key, value in event.items() if key != "detail"}
    values: dict[str, Any] = dict(zip(_RESERVED, (rule["arn"], rule["name"], event["time"], rest, event), strict=True))
    values |= {name: _lookup(event, path) for name, path in transformer.get("InputPathsMap", {}).items()}
    parts, quoted = [], False
    for token in _TOKEN.finditer(transformer["InputTemplate"]):
        if token["quote"]:
            quoted = not quoted
        name = token["variable"]
        parts.append(_shown(values[name], quoted=quoted) if name in values else token[0])
    return "".join(parts)


def _shown(value: Any, *, quoted: bool) -> str:
    if value is _NOTHING:
        return "" if quoted else "null"
    if not quoted:
        return json.dumps(value)
    text = value if isinstance(value, str) else json.dumps(value)
    return json.dumps(text)[1:-1]
