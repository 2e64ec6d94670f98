"""The columns that a model learns from, and the training data as numbers, categories and a target."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forest.errors import TrainingError, listed, quoted
from forest.header import did_you_mean
from forest.hyperparameters import Hyperparameters
from forest.table import Row, Table
from forest.values import is_numeric, number

# Above this share of numbers, the rest of a column is taken for mistakes, not for categories.
MOSTLY = 0.9
REMEDY = "leave the cell empty, or declare the column a category"


@dataclass(frozen=True)
class Column:
    """A column that the model reads; `kind` is number or category."""

    name: str
    kind: str


@dataclass(frozen=True)
class Features:
    """The two inputs of the model: `numbers` float32 [rows, n] with NaN for empty, `strings` object [rows, m]."""

    numbers: NDArray[np.float32]
    strings: NDArray[np.object_]

    def part(self, rows: NDArray[np.bool_]) -> "Features":
        """Return the rows that the mask selects."""
        return Features(self.numbers[rows], self.strings[rows])


@dataclass(frozen=True)
class Dataset:
    """All rows; the target is float64 in a regression, otherwise labels as text."""

    columns: tuple[Column, ...]
    features: Features
    target: NDArray[np.float64] | NDArray[np.object_]


def make_dataset(table: Table, hyperparameters: Hyperparameters) -> Dataset:
    """Turn the cells into what the forest reads, checking every one.

    Raises:
        TrainingError: too few rows, a declared column that is missing, or a cell that its column cannot hold.
    """
    # Rows that were split before this job were also counted before.
    needed = 1 if hyperparameters.split.method == "none" else hyperparameters.minimum_rows
    if len(table.rows) < needed:
        raise TrainingError(f"Provide at least {needed:,} rows (minimum_rows): the data have {len(table.rows):,}.")
    columns = _columns(table, hyperparameters)
    numbers = [_numbers(table, column.name, REMEDY) for column in columns if column.kind == "number"]
    strings = [_cells(table, column.name) for column in columns if column.kind == "category"]
    features = Features(
        np.array(numbers, np.float32).reshape(len(numbers), len(table.rows)).T,
        np.array(strings, object).reshape(len(strings), len(table.rows)).T,
    )
    return Dataset(columns, features, _target(table, hyperparameters))


def _columns(table: Table, hyperparameters: Hyperparameters) -> tuple[Column, ...]:
    if hyperparameters.columns is None:
        names = [name for name in table.names if name != hyperparameters.target]
        if not names:
            raise TrainingError(
                f"Add columns to learn from: the only one is the target, {quoted(hyperparameters.target)}."
            )
        return tuple(Column(name, _infer_kind(_cells(table, name))) for name in names)
    missing = [name for name in hyperparameters.columns if name not in table.names]
    if missing:
        raise TrainingError(
            f"Add {listed(missing)} to the data, or take it out of `columns`: the columns are {listed(table.names)}."
            f"{did_you_mean(missing, table.names)}"
        )
    return tuple(Column(name, kind) for name, kind in hyperparameters.columns.items())


def _infer_kind(cells: list[str]) -> str:
    filled = [cell for cell in cells if cell]
    numeric = sum(map(is_numeric, filled))
    return "number" if filled and numeric >= MOSTLY * len(filled) else "category"


def _cells(table: Table, name: str) -> list[str]:
    index = table.names.index(name)
    return [row.cells[index] for row in table.rows]


def _numbers(table: Table, name: str, remedy: str) -> list[float]:
    """Read a column of numbers; NaN stands for an empty cell."""
    values: list[float] = []
    wrong: list[tuple[Row, str]] = []
    for row, cell in zip(table.rows, _cells(table, name), strict=True):
        try:
            values.append(number(cell))
        except ValueError:
            wrong.append((row, cell))
    if wrong:
        row, cell = wrong[0]
        raise TrainingError(
            f"Correct {quoted(name)} at {row.place}, {remedy}: {quoted(cell)} is not a finite number."
            f" Cells like this in the column: {len(wrong):,}."
        )
    return values


def _target(table: Table, hyperparameters: Hyperparameters) -> NDArray[np.float64] | NDArray[np.object_]:
    name = hyperparameters.target
    cells = _cells(table, name)
    empty = [row for row, cell in zip(table.rows, cells, strict=True) if not cell or cell.isspace()]
    if empty:
        raise TrainingError(
            f"Fill in the target {quoted(name)} at {empty[0].place}, or remove the row. Rows without: {len(empty):,}."
        )
    if hyperparameters.problem == "regression":
        return np.array(_numbers(table, name, "or set problem to binary or multiclass"), np.float64)
    return np.array(cells, object)
