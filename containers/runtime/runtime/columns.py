"""The columns that a model reads, and rows of them as numbers and categories."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Column:
    """A column that the model reads; `kind` is number or category."""

    name: str
    kind: str


@dataclass(frozen=True)
class Features:
    """The two inputs of a model: `numbers` float32 [rows, n] with NaN for missing, `strings` object [rows, m]."""

    numbers: NDArray[np.float32]
    strings: NDArray[np.object_]

    def part(self, rows: NDArray[np.bool_] | slice) -> "Features":
        """Return the rows that a mask or a slice selects."""
        return Features(self.numbers[rows], self.strings[rows])
