"""How one cell of a request is read, by what it came in."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from runtime.values import MISSING, finite, is_numeric, number


@dataclass(frozen=True)
class Reading:
    """How cells become numbers and categories; both raise TypeError or ValueError for what they do not read."""

    number: Callable[[Any], float]
    category: Callable[[Any], str]

    def lenient(self) -> "Reading":
        """Return a reading to which a number that is infinite or NaN is missing."""

        def read(cell: object) -> float:
            try:
                return self.number(cell)
            except ValueError:
                if isinstance(cell, str) and not is_numeric(cell):
                    raise
                return MISSING

        return replace(self, number=read)


def _number(value: object) -> float:
    """Read text or a number; empty text and null are missing."""
    if isinstance(value, str):
        return number(value)
    if value is None:
        return MISSING
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    return float(finite(value))


def _category(value: object) -> str:
    """Read text or a whole number; null is an empty category. A fraction has no certain spelling: refused."""
    if isinstance(value, str):
        value.encode()  # a lone surrogate, which JSON can carry, is not text
        return value
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return str(value)


def _array_number(value: object) -> float:
    """Read an element of an array, where NaN is the only way to say that a value is missing."""
    return MISSING if value != value else _number(value)  # noqa: PLR0124 (only NaN is not itself)


def _array_category(value: object) -> str:
    """Read an element of an array, which has one type for all columns: a whole number may be a float in it."""
    if isinstance(value, float):
        return "" if value != value else _category(int(value) if value.is_integer() else value)  # noqa: PLR0124
    return _category(value)


TEXT = Reading(number, str)
VALUES = Reading(_number, _category)
ARRAY = Reading(_array_number, _array_category)
