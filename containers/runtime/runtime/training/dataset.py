"""From the cells of the files to the rows that a model learns from and is judged by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runtime.columns import Column
from runtime.errors import TrainingError, listed, quoted
from runtime.header import did_you_mean
from runtime.training.cells import Categories, Numbers
from runtime.training.disk import Growing
from runtime.training.hyperparameters import Hyperparameters
from runtime.training.kinds import infer_columns
from runtime.training.labels import check_labels
from runtime.training.rows import Rows, Texts, divide, in_order
from runtime.training.split import Division
from runtime.training.table import Chunk, Table, open_table


@dataclass(frozen=True)
class Dataset:
    """The rows to learn from and to judge by.

    `labels` are a classifier's classes, sorted, none in a regression; `all_labels` has after them those that are among
    the rows to judge by alone. `validated` says that those to judge by are a channel of their own.
    """

    columns: tuple[Column, ...]
    learnt: Rows
    judged: Rows
    labels: tuple[str, ...]
    all_labels: tuple[str, ...]
    validated: bool


def make_dataset(channels: Path, hyperparameters: Hyperparameters) -> Dataset:
    """Read the channels `train` and, if there is one, `validation`, checking every cell.

    What is judged by is the validation channel, else what the split holds out.

    Raises:
        TrainingError: too few rows, a column that is missing, or a cell that its column cannot hold.
    """
    tables = _tables(channels, hyperparameters.target)
    columns = _columns(tables, hyperparameters)
    reading = _Reading(hyperparameters, columns, tables[0].names)
    ends = []
    for table in tables:
        for chunk in table.chunks(tables[0].names):
            reading.add(chunk)
        ends.append(reading.rows)
        if not reading.rows and len(tables) > 1:
            raise TrainingError("Give the train channel rows: there is none below the header.")
    reading.check()
    mask = np.arange(reading.rows) >= ends[0] if len(tables) > 1 else reading.division.mask(reading.rows)
    return reading.dataset(mask, validated=len(tables) > 1)


def _tables(channels: Path, target: str) -> list[Table]:
    tables = [open_table(channels / "train", target)]
    if (channels / "validation").is_dir():
        tables.append(open_table(channels / "validation", target))
        if different := sorted(set(tables[0].names) ^ set(tables[1].names)):
            raise TrainingError(f"Give train and validation the same columns: they differ in {listed(different)}.")
    return tables


def _columns(tables: Sequence[Table], hyperparameters: Hyperparameters) -> tuple[Column, ...]:
    names, target = tables[0].names, hyperparameters.target
    if hyperparameters.columns is None:
        if len(names) == 1:
            raise TrainingError(f"Add columns to learn from: the only one is the target, {quoted(target)}.")
        return infer_columns((chunk for table in tables for chunk in table.chunks(names)), names, target)
    missing = [name for name in hyperparameters.columns if name not in names]
    if missing:
        raise TrainingError(
            f"Add {listed(missing)} to the data, or take it out of `columns`: the columns are {listed(names)}."
            f"{did_you_mean(missing, names)}"
        )
    return tuple(Column(name, kind) for name, kind in hyperparameters.columns.items())


class _Reading:
    """What has been read of the rows so far."""

    def __init__(self, hyperparameters: Hyperparameters, columns: tuple[Column, ...], names: tuple[str, ...]) -> None:
        self.rows = 0
        self.division = Division(hyperparameters.split, names)
        self._hyperparameters, self._columns = hyperparameters, columns
        self._places = {name: place for place, name in enumerate(names)}
        self._numbers = {
            column.name: Numbers(column.name, "leave the cell empty, or declare the column a category")
            for column in columns
            if column.kind == "number"
        }
        self._categories = {column.name: Categories(column.name) for column in columns if column.kind == "category"}
        self._target = _Target(hyperparameters)
        self._number_rows = Growing(np.float32, len(self._numbers))
        self._code_rows = Growing(np.int32, len(self._categories))

    def add(self, chunk: Chunk) -> None:
        """Read some rows."""
        cells = list(zip(*chunk.rows, strict=True))
        self.division.add(chunk.rows)
        numbers = [column.read(chunk, cells[self._places[name]]) for name, column in self._numbers.items()]
        self._number_rows.add(numbers, len(chunk.rows))
        codes = [column.read(cells[self._places[name]]) for name, column in self._categories.items()]
        self._code_rows.add(codes, len(chunk.rows))
        self._target.add(chunk, cells[self._places[self._hyperparameters.target]])
        self.rows += len(chunk.rows)

    def check(self) -> None:
        """Raise TrainingError if what has been read is not fit to learn from."""
        # Rows that were split before this job were also counted before.
        needed = 1 if self._hyperparameters.split.method == "none" else self._hyperparameters.minimum_rows
        if self.rows < needed:
            raise TrainingError(f"Provide at least {needed:,} rows (minimum_rows): the data have {self.rows:,}.")
        for column in self._numbers.values():
            column.check()
        self._target.check()

    def dataset(self, mask: NDArray[np.bool_], *, validated: bool) -> Dataset:
        """Return the rows that the mask leaves to learn from, and those that it selects to judge by."""
        codes = self._code_rows.whole()
        texts = tuple(
            in_order([*column], codes[:, place], mask) for place, column in enumerate(self._categories.values())
        )
        target, labels = self._target.whole(mask)
        learnt, judged = divide(Rows(self._number_rows.whole(), codes, target, texts), mask)
        return Dataset(
            self._columns,
            learnt,
            judged,
            check_labels(labels, judged.target, self._hyperparameters.problem) if labels else (),
            tuple(labels.texts) if labels else (),
            validated,
        )


class _Target:
    """The cells of the target: numbers in a regression, otherwise labels."""

    def __init__(self, hyperparameters: Hyperparameters) -> None:
        self._name = hyperparameters.target
        self._numbers = Numbers(self._name, "or set problem to binary or multiclass")
        self._labels = None if hyperparameters.problem == "regression" else Categories(self._name)
        self._rows = Growing(np.int32 if self._labels is not None else np.float64, 1)
        self._first_empty, self._empty = "", 0

    def add(self, chunk: Chunk, cells: Sequence[str]) -> None:
        """Read some cells."""
        for place in _empty(cells):
            self._first_empty = self._first_empty or chunk.place(place)
            self._empty += 1
        values = self._numbers.read(chunk, cells) if self._labels is None else self._labels.read(cells)
        self._rows.add([values], len(cells))

    def check(self) -> None:
        """Raise TrainingError if there was an empty cell, or one that is no number in a regression."""
        if self._empty:
            raise TrainingError(
                f"Fill in the target {quoted(self._name)} at {self._first_empty}, or remove the row."
                f" Rows without: {self._empty:,}."
            )
        self._numbers.check()

    def whole(self, mask: NDArray[np.bool_]) -> tuple[NDArray[Any], Texts | None]:
        """Return the numbers, or the labels' codes with the labels in their order."""
        values = self._rows.whole()[:, 0]
        return values, None if self._labels is None else in_order([*self._labels], values, mask)


def _empty(cells: Sequence[str]) -> Iterator[int]:
    return (place for place, cell in enumerate(cells) if not cell or cell.isspace())
