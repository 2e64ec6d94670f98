"""Preprocessing: standardised numbers and the places of categories, learnt from the training part."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runtime.training import Job, Rows
from runtime.training.disk import slices
from runtime.values import LARGEST

# In standard deviations. What lies further out counts as this far: no cell can carry the network off to where it was
# never trained, or is infinite.
LIMIT = 8.0


@dataclass(frozen=True)
class Scale:
    """What numbers are standardised by."""

    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]

    def standardise(self, numbers: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return the numbers in standard deviations from the mean."""
        with np.errstate(over="ignore"):
            return ((numbers - self.mean) / self.deviation).astype(np.float32)


@dataclass(frozen=True)
class Encoding:
    """How cells become what the network reads.

    A category becomes its place among the sorted ones; one that the training part has not has the place after these.
    An empty string is a category like any other. A regression's target is standardised too.
    """

    scale: Scale
    categories: tuple[int, ...]
    target: Scale

    def numbers(self, rows: Rows, index: slice | NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the standardised numbers of some rows, up to the limit; a missing one as the mean."""
        standard = self.scale.standardise(rows.numbers[index])
        return np.where(np.isnan(standard), np.float32(0), np.clip(standard, -LIMIT, LIMIT))

    def codes(self, rows: Rows, index: slice | NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the places of the categories of some rows."""
        codes = np.asarray(rows.codes[index], np.int64)
        return np.minimum(codes, np.array(self.categories, np.int64))


def learn_encoding(job: Job) -> Encoding:
    """Learn the preprocessing from the rows to learn from."""
    target = job.learnt.target[:, None] if not job.labels else np.zeros((0, 1))
    return Encoding(_scale(job.learnt.numbers), tuple(len(texts) for texts in job.categories), _scale(target))


def _scale(numbers: NDArray[np.floating]) -> Scale:
    """Compute means and deviations in two passes, a slice at a time: the numbers may be more than memory holds."""
    width = numbers.shape[1]
    count, total, squares = np.zeros(width), np.zeros(width), np.zeros(width)
    for rows in slices(len(numbers)):
        block = numbers[rows].astype(np.float64)
        count += np.sum(~np.isnan(block), axis=0)
        total += np.nansum(block, axis=0)
    mean = total / np.maximum(count, 1)
    for rows in slices(len(numbers)):
        squares += np.nansum((numbers[rows].astype(np.float64) - mean) ** 2, axis=0)
    deviation = np.minimum(np.sqrt(squares / np.maximum(count, 1)), LARGEST).astype(np.float32)
    # A column that never changes says nothing, and is not to be divided by 0 for it.
    return Scale(mean.astype(np.float32), np.where(deviation > 0, deviation, np.float32(1)))
