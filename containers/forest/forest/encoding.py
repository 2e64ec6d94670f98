"""Preprocessing: what the trees read in place of missing numbers and of categories, learnt from the training part."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runtime.training import Rows
from runtime.training.disk import on_disk, slices

UNKNOWN = -1


@dataclass(frozen=True)
class Encoding:
    """A number that is missing becomes its column's median, a category its place among the sorted ones, or -1.

    An empty string is a category like any other.
    """

    medians: NDArray[np.float32]
    categories: tuple[tuple[str, ...], ...]

    @property
    def width(self) -> int:
        """How many columns the trees read: first the numbers, then the categories."""
        return len(self.medians) + len(self.categories)

    def encode(self, rows: Rows, part: slice) -> NDArray[np.float32]:
        """Return some rows as the trees read them."""
        numbers, codes = np.asarray(rows.numbers[part]), np.asarray(rows.codes[part])
        known = np.array([len(texts) for texts in self.categories], np.int32)
        encoded = np.empty((len(numbers), self.width), np.float32)
        encoded[:, : len(self.medians)] = np.where(np.isnan(numbers), self.medians, numbers)
        encoded[:, len(self.medians) :] = np.where(codes < known, codes, UNKNOWN)
        return encoded

    def encode_all(self, rows: Rows) -> NDArray[np.float32]:
        """Return all rows as the trees read them, on disk."""
        encoded = on_disk(np.float32, (len(rows), self.width))
        for part in slices(len(rows)):
            encoded[part] = self.encode(rows, part)
        return encoded


def learn_encoding(learnt: Rows) -> Encoding:
    """Learn the preprocessing from the rows to learn from."""
    medians = [_median(learnt.numbers[:, place]) for place in range(learnt.numbers.shape[1])]
    return Encoding(np.array(medians, np.float32), tuple(column.known for column in learnt.texts))


def _median(column: NDArray[np.float32]) -> float:
    values = column[~np.isnan(column)].astype(np.float64)
    return float(np.median(values)) if len(values) else 0.0
