"""What is gathered of one column while the rows stream by."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tabular.checking.findings import Sightings
from tabular.checking.stream import Chunk
from tabular.values import number

# Above this share of numbers, the rest of an undeclared column is taken for mistakes, not for categories.
MOSTLY = 0.9
MOST_VALUES = 10_000  # different values of a column that are counted; those that come later are not


class Column:
    """Counts, moments and mistakes of a column; `declared` is its kind by the spec, or empty."""

    def __init__(self, name: str, declared: str) -> None:
        self.name = name
        self.declared = declared
        self.rows = 0
        self.blank = 0  # empty or blank: missing in a column of numbers
        self.empty = 0  # empty: a category of its own
        self.counts: Counter[str] = Counter()
        self.truncated = False
        self.present = 0
        self.mean = self.squares = 0.0
        self.low, self.high = math.inf, -math.inf
        self.integral = True
        self.text = Sightings()

    def add(self, chunk: Chunk) -> NDArray[np.float64]:
        """Take the column's cells of a chunk; return them as numbers, NaN for what is none."""
        cells = chunk.columns[self.name]
        self.rows += len(cells)
        self.empty += cells.count("")
        distinct = set(cells)
        if self.declared != "number":
            self._count(cells)
        if self.declared == "category":
            return np.full(len(cells), np.nan)
        table = {cell: number(cell) for cell in distinct}
        wrong = {cell for cell, value in table.items() if value is None}
        values = np.array([table[cell] for cell in cells], np.float64)
        missing = int(np.isnan(values).sum())
        if wrong:
            for index in [index for index, cell in enumerate(cells) if cell in wrong]:
                missing -= 1
                self.text.add(cells[index], chunk.place(index))
        self.blank += missing
        self._moments(values[~np.isnan(values)])
        return values

    @property
    def numeric(self) -> bool:
        """Whether it is a column of numbers: declared so, or nearly all of its filled cells are."""
        if self.declared:
            return self.declared == "number"
        filled = self.rows - self.blank
        return filled > 0 and filled - self.text.rows >= MOSTLY * filled

    @property
    def missing(self) -> int:
        """How many cells are empty; in a column of numbers, blank ones too."""
        return self.blank if self.numeric else self.empty

    @property
    def deviation(self) -> float:
        """The standard deviation of the numbers."""
        return math.sqrt(self.squares / self.present) if self.present else 0.0

    def _count(self, cells: Sequence[str]) -> None:
        added = Counter(cells)
        del added[""]
        if len(self.counts) + len(added) > MOST_VALUES:
            room = MOST_VALUES - len(self.counts)
            new = [value for value in added if value not in self.counts]
            self.truncated = self.truncated or len(new) > room
            for value in new[room:]:
                del added[value]
        self.counts.update(added)

    def _moments(self, values: NDArray[np.float64]) -> None:
        """Add to mean and squared deviations, as Chan, Golub and LeVeque combine those of two parts (1983)."""
        if not len(values):
            return
        mean, before = float(values.mean()), self.present
        self.present += len(values)
        difference = mean - self.mean
        self.mean += difference * len(values) / self.present
        self.squares += float(((values - mean) ** 2).sum()) + difference**2 * before * len(values) / self.present
        self.low, self.high = min(self.low, float(values.min())), max(self.high, float(values.max()))
        self.integral = self.integral and bool((values == np.floor(values)).all())
