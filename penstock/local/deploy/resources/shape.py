"""The properties that a resource type understands, written as the template writes them."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

from penstock.local.deploy.intrinsics import function_of


class Leaf(Enum):
    """What a property may hold where its parts are not listed."""

    VALUE = "a single value"
    JSON = "anything"  # a policy document, a map of the user's own keys


VALUE, JSON = Leaf.VALUE, Leaf.JSON
Shape = Leaf | list["Shape"] | dict[str, "Shape"]


def mismatches(value: Any, shape: Shape, path: str) -> Iterator[str]:
    """Say where a value is not of its shape: a property that is not in it, another kind of value.

    A function may stand anywhere; what it gives is not looked at.
    """
    if shape is JSON or function_of(value):
        return
    if isinstance(shape, dict):
        yield from _object(value, shape, path)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{path}: expected a list, found {value!r}."
            return
        for index, item in enumerate(value):
            yield from mismatches(item, shape[0], f"{path}[{index}]")
    elif isinstance(value, dict | list):
        yield f"{path}: expected a single value, found {value!r}."


def _object(value: Any, shape: dict[str, Shape], path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: expected an object, found {value!r}."
        return
    for key, item in value.items():
        if key in shape:
            yield from mismatches(item, shape[key], f"{path}.{key}")
        else:
            yield (
                f"{path}.{key}: the local cloud does not apply this property. Leave it out, or add it to "
                f"penstock/local/deploy/resources. Applied here: {', '.join(shape)}."
            )
