"""The cells of a column, from text to 32 bits each: numbers, or the codes of categories."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from runtime.errors import TrainingError, quoted
from runtime.training.table import Chunk
from runtime.values import LARGEST, MISSING, number

# Each different value of a category stays in memory; a column with more of them than this is no category.
MOST_CATEGORIES = 1_000_000


class Numbers:
    """Reads a column of numbers; NaN stands for an empty cell. What is no number is counted, to be told at the end."""

    def __init__(self, name: str, remedy: str) -> None:
        self._name, self._remedy = name, remedy
        self._first = ""
        self._wrong = 0

    def read(self, chunk: Chunk, cells: Sequence[str]) -> NDArray[np.float64]:
        """Return the numbers in some cells."""
        values = _quickly(cells)
        if values is None:
            values = np.array([self._number(chunk, place, cell) for place, cell in enumerate(cells)], np.float64)
        return values

    def check(self) -> None:
        """Raise TrainingError if there was a cell that is no number."""
        if self._wrong:
            raise TrainingError(f"{self._first} Cells like this in the column: {self._wrong:,}.")

    def _number(self, chunk: Chunk, place: int, cell: str) -> float:
        try:
            return number(cell)
        except ValueError:
            self._wrong += 1
            self._first = self._first or (
                f"Correct {quoted(self._name)} at {chunk.place(place)}, {self._remedy}:"
                f" {quoted(cell)} is not a finite number."
            )
            return MISSING


def _quickly(cells: Sequence[str]) -> NDArray[np.float64] | None:
    """Read cells that are all finite numbers or empty; nothing if one might be something else."""
    try:
        values = np.array([float(cell) if cell else math.nan for cell in cells], np.float64)
    except ValueError:
        return None
    missing = np.isnan(values)
    plain = int(missing.sum()) == cells.count("") and not any("_" in cell for cell in cells)
    return values if plain and bool(np.all(missing | (np.abs(values) <= LARGEST))) else None


class Categories(dict[str, int]):
    """Numbers the different texts of a column, in the order in which they come."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def __missing__(self, text: str) -> int:
        self[text] = code = len(self)
        return code

    def read(self, cells: Sequence[str]) -> NDArray[np.int32]:
        """Return the codes of some cells.

        Raises:
            TrainingError: these are too many different texts.
        """
        codes = np.array([self[cell] for cell in cells], np.int32)
        if len(self) > MOST_CATEGORIES:
            raise TrainingError(
                f"Leave {quoted(self._name)} out of `columns`, or declare it a number: as a category it has more than"
                f" {MOST_CATEGORIES:,} different values."
            )
        return codes
