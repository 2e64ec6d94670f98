"""Cells as they came, by columns, to what the model reads; the same rules as in training."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runtime.columns import Column, Features
from runtime.errors import RequestError, listed, quoted
from runtime.header import did_you_mean, fold
from runtime.model import Model
from runtime.serving.cells import TEXT, Reading
from runtime.values import LARGEST, MISSING

Cells = Sequence[Any]
NUMBER, CATEGORY = "a finite number", "text, or a whole number in its place"
MANY = 64  # rows, from which reading a column at once is cheaper than cell by cell


class Schema:
    """The columns of a model, and how their cells are read; `max_cells` is how many a request may have."""

    def __init__(self, model: Model, max_cells: int) -> None:
        self.columns: tuple[Column, ...] = model.columns
        self.names = tuple(column.name for column in model.columns)
        self.known = frozenset(self.names)
        self._folded = frozenset(map(fold, self.names))
        self._refuses = model.non_finite == "refuse"
        self.max_cells = max_cells
        self._numbers = self._of_kind("number")
        self._categories = self._of_kind("category")
        self.has_categories = bool(self._categories)

    def _of_kind(self, kind: str) -> list[tuple[int, str]]:
        return [(index, column.name) for index, column in enumerate(self.columns) if column.kind == kind]

    def check_size(self, cells: int) -> None:
        """Refuse more cells than memory was planned for.

        Raises:
            RequestError: with status 413.
        """
        if cells > self.max_cells:
            message = f"Send fewer rows at a time: the body has over {self.max_cells:,} values."
            raise RequestError(message, 413)

    def is_header(self, row: Sequence[str]) -> bool:
        """Tell a header from data: it names at least half of the columns (and then has to name all of them).

        Several columns that are all named, but for blanks or case, are a header, too: it is then refused with a reason.
        """
        if not self.known.isdisjoint(row) and 2 * len(self.known.intersection(row)) >= len(self.names):
            return True
        return len(self.names) > 1 and fold(row[0]) in self._folded and self._folded == set(map(fold, row))

    def order_of(self, header: list[str]) -> list[int]:
        """Return at which place of a header each column is.

        Raises:
            RequestError: it does not name all columns, or others.
        """
        self.check_names("The header", header)
        return [header.index(name) for name in self.names]

    def check_names(self, where: str, names: Collection[str]) -> None:
        """Check the names in a header, or of one row's values.

        Raises:
            RequestError: a column is missing, unknown or there twice; the message begins with `where`.
        """
        if missing := [name for name in self.names if name not in names]:
            meant = did_you_mean(names, self.names)
            raise RequestError(f"{where} lacks {listed(missing)}; leave the value empty where it is not known.{meant}")
        if unknown := [name for name in names if name not in self.known]:
            raise RequestError(f"{where} has the unknown {listed(unknown)}; the model reads {listed(self.names)}.")
        if len(names) != len(self.names):
            raise RequestError(f"{where} names a column more than once.")

    def from_rows(self, rows: Sequence[Cells], reading: Reading) -> Features:
        """Convert rows with their cells in the order of the columns.

        Raises:
            RequestError: naming the row, and the column with the value that it cannot hold.
        """
        if not rows:
            raise RequestError("Send at least one row: the body has none.")
        width = len(self.names)
        for place, row in enumerate(rows, 1):
            if len(row) != width:
                names = listed(self.names)
                raise RequestError(f"Row {place} has {len(row)} where the model reads {width} values: {names}.")
        return self.from_columns(list(zip(*rows, strict=True)), len(rows), reading)

    def from_columns(self, cells: Sequence[Cells], rows: int, reading: Reading) -> Features:
        """Convert the cells of each column, in the order of the columns.

        Raises:
            RequestError: naming the row, and the column with the value that it cannot hold.
        """
        numbers = [self._read_numbers(name, cells[index], reading) for index, name in self._numbers]
        strings = [_read(name, cells[index], reading.category, CATEGORY) for index, name in self._categories]
        return Features(_side_by_side(numbers, rows, np.float32), _side_by_side(strings, rows, np.object_))

    def _read_numbers(self, name: str, cells: Cells, reading: Reading) -> Cells | NDArray[np.float64]:
        if reading is TEXT and len(cells) >= MANY and (quickly := _texts_to_numbers(cells)) is not None:
            return quickly
        return _read(name, cells, (reading if self._refuses else reading.lenient()).number, NUMBER)


def _texts_to_numbers(cells: Sequence[str]) -> NDArray[np.float64] | None:
    """Read a column of texts at once; None if one of them is neither empty nor plainly a finite number."""
    empty = cells.count("")
    try:
        values = np.array([float(cell) if cell else MISSING for cell in cells])
    except ValueError:
        return None
    plain = np.count_nonzero(np.abs(values) <= LARGEST) + empty == len(cells)
    return None if not plain or "_" in "".join(cells) else values


def _read(name: str, cells: Cells, read: Callable[[Any], Any], needed: str) -> Cells:
    if read is str:  # of text, which CSV is
        return cells
    values = []
    for place, cell in enumerate(cells, 1):
        try:
            values.append(read(cell))
        except (TypeError, ValueError):
            shown = "its value" if isinstance(cell, list | dict) else quoted(str(cell))
            raise RequestError(f"Row {place}, column {quoted(name)}: {shown} is not {needed}.") from None
    return values


def _side_by_side(columns: Sequence[Cells | NDArray[Any]], rows: int, kind: type[np.generic]) -> NDArray[Any]:
    """Return [rows, columns], row by row in memory as a model's library reads it."""
    if not columns:
        return np.empty((rows, 0), kind)
    if rows == 1:  # what most requests are; numpy is slow at lists of lists
        return np.array([column[0] for column in columns], kind).reshape(1, -1)
    return np.ascontiguousarray(np.array(columns, kind).T)
