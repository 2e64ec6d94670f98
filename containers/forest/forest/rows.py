"""Rows to predict, from values as they came to what the model reads; the same rules as in training."""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from forest.dataset import Column, Features
from forest.errors import RequestError, listed, quoted
from forest.header import did_you_mean
from forest.values import MISSING, finite, number

Row = Sequence[object]


def make_features(rows: Sequence[Row], columns: tuple[Column, ...]) -> Features:
    """Convert rows of values in the order of the columns.

    Raises:
        RequestError: naming the row, and the column with the value that it cannot hold.
    """
    if not rows:
        raise RequestError("Send at least one row: the body has none.")
    for place, row in enumerate(rows, 1):
        if len(row) != len(columns):
            names = listed([column.name for column in columns])
            raise RequestError(f"Row {place} has {len(row)} where the model reads {len(columns)} values: {names}.")
    numbers = _convert(rows, columns, "number")
    strings = _convert(rows, columns, "category")
    return Features(
        np.array(numbers, np.float32).reshape(len(numbers), len(rows)).T,
        np.array(strings, object).reshape(len(strings), len(rows)).T,
    )


def check_names(where: str, names: Collection[str], columns: tuple[Column, ...]) -> None:
    """Check the names in a header, or of one row's values.

    Raises:
        RequestError: a column is missing, unknown or there twice; the message begins with `where`.
    """
    known = dict.fromkeys(column.name for column in columns)
    if missing := [name for name in known if name not in names]:
        meant = did_you_mean(names, known)
        raise RequestError(f"{where} lacks {listed(missing)}; leave the value empty where it is not known.{meant}")
    if unknown := [name for name in names if name not in known]:
        raise RequestError(f"{where} has the unknown {listed(unknown)}; the model reads {listed(list(known))}.")
    if len(names) != len(known):
        raise RequestError(f"{where} names a column more than once.")


def _convert(rows: Sequence[Row], columns: tuple[Column, ...], kind: str) -> list[list[float | str]]:
    """Convert the columns of one kind."""
    reader, needed = _READERS[kind]
    converted = []
    for index, column in enumerate(columns):
        if column.kind != kind:
            continue
        values = []
        for place, row in enumerate(rows, 1):
            try:
                values.append(reader(row[index]))
            except (TypeError, ValueError):
                shown = "its value" if isinstance(row[index], list | dict) else quoted(str(row[index]))
                raise RequestError(f"Row {place}, column {quoted(column.name)}: {shown} is not {needed}.") from None
        converted.append(values)
    return converted


def _number(value: object) -> float:
    """Read text or a JSON number; empty text and null are missing."""
    if isinstance(value, str):
        return number(value)
    if value is None:
        return MISSING
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    return float(finite(value))


def _category(value: object) -> str:
    """Read text or a whole JSON number; null is an empty category. A fraction has no certain spelling: refused."""
    if isinstance(value, str):
        value.encode()  # a lone surrogate, which JSON can carry, is not text
        return value
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return str(value)


_READERS: Mapping[str, tuple[Callable[[object], float | str], str]] = {
    "number": (_number, "a finite number"),
    "category": (_category, "text, or a whole number in its place"),
}
