"""A table's cells as coordinates, in which rows that are alike are near each other."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tabular.settings import Settings
from tabular.table import Table
from tabular.values import number

MOSTLY = 0.9  # of an undeclared column's filled cells, for it to be one of numbers
MOST_CATEGORIES = 20


def coordinates(table: Table, settings: Settings) -> NDArray[np.float64]:
    """Return [rows, dimensions]: numbers standardised, and each category a dimension.

    An empty number is the mean; a column of more categories than can mean nearness, such as identifiers, is left out.
    """
    kinds = settings.columns or dict.fromkeys((name for name in table.names if name != settings.target), "")
    found: list[NDArray[np.float64]] = []
    for name, kind in kinds.items():
        cells = table.column(name)
        values = [number(cell) for cell in cells]
        found += _numbers(values) if _numeric(kind, values) else _categories(cells)
    return np.column_stack(found) if found else np.zeros((len(table.rows), 0))


def _numeric(kind: str, values: Sequence[float | None]) -> bool:
    filled = [value for value in values if value is None or not math.isnan(value)]
    numbers = sum(value is not None for value in filled)
    return kind == "number" or (kind == "" and 0 < numbers >= MOSTLY * len(filled))


def _numbers(values: Sequence[float | None]) -> list[NDArray[np.float64]]:
    column = np.array(values, np.float64)
    known = column[~np.isnan(column)]
    if not len(known) or not known.std():
        return []
    return [np.nan_to_num((column - known.mean()) / known.std())]


def _categories(cells: Sequence[str]) -> list[NDArray[np.float64]]:
    values = sorted(set(cells))
    if len(values) > MOST_CATEGORIES:
        return []
    # Rows of two categories are then at a distance of 1.
    return [np.array([cell == value for cell in cells]) * math.sqrt(1 / 2) for value in values]
