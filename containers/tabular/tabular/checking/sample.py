"""A sample of the rows' numbers: all of them up to a limit, beyond it a random part that never outgrows it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

# 100 columns of so many numbers are 210 MB.
LARGEST = 2**18


class Sample:
    """Columns of numbers, NaN for empty, that stay aligned by row; the same data always give the same sample."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(0)
        self._share = 1.0
        self._rows = 0
        self._parts: dict[str, list[NDArray[np.float64]]] = {}

    def add(self, columns: Mapping[str, NDArray[np.float64]]) -> None:
        """Add rows; every call brings the same columns."""
        rows = len(next(iter(columns.values()), ()))
        chosen = self._random.random(rows) < self._share
        for name, values in columns.items():
            self._parts.setdefault(name, []).append(values[chosen])
        self._rows += int(chosen.sum())
        while self._rows > LARGEST:
            self._thin()

    def column(self, name: str) -> NDArray[np.float64]:
        """Return the sampled values of a column."""
        return np.concatenate(self._parts.get(name, [np.empty(0)]))

    def _thin(self) -> None:
        """Drop each row with the same chance: the share of rows that are kept is halved."""
        chosen = self._random.random(self._rows) < 1 / 2
        self._parts = {name: [np.concatenate(parts)[chosen]] for name, parts in self._parts.items()}
        self._rows = int(chosen.sum())
        self._share /= 2
