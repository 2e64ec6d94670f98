"""Kinds of values that several sections hold: numbers, single values, instance types, disks and times."""

from collections.abc import Callable
from math import isfinite
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from penstock.spec.instances import instance_types

MAX_DAYS = 28  # SageMaker runs no training job longer


def _scalar(value: object) -> object:
    """Refuse what is no single value in one error, where a union would give one for each of its types."""
    if not isinstance(value, str | int | float) or (isinstance(value, float) and not isfinite(value)):
        raise PydanticCustomError("scalar", "not a single value")
    return value


def _number(value: object) -> object:
    """Refuse what is no number in one error; a whole number stays one, so that it is passed on as it was written."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise PydanticCustomError("number", "not a finite number")
    return value


def _or_none(value: object) -> object:
    """Take the word none for the absence of a section."""
    return None if value == "none" else value


Scalar = Annotated[str | int | float | bool, BeforeValidator(_scalar)]
Number = Annotated[int | float, BeforeValidator(_number)]
NoneWord = BeforeValidator(_or_none)
Volume = Annotated[int, Field(ge=1, le=16_384)]
Minutes = Annotated[int, Field(ge=1, le=MAX_DAYS * 24 * 60)]
Percent = Annotated[float, Field(ge=0, le=100)]


def lists(use: str) -> Callable[[dict[str, Any]], None]:
    """Put the instance types for a use into a key's JSON Schema."""

    def put(schema: dict[str, Any]) -> None:
        schema["enum"] = list(instance_types(use))

    return put
