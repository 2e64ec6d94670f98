"""Rows to learn from or to judge by, on disk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runtime.columns import Features
from runtime.training.disk import on_disk, slices


@dataclass(frozen=True)
class Texts:
    """The texts of a column's codes: those of the training part first, sorted; `learnt` is how many these are."""

    texts: NDArray[np.object_]
    learnt: int

    @property
    def known(self) -> tuple[str, ...]:
        """The texts of the training part."""
        return tuple(self.texts[: self.learnt])


@dataclass(frozen=True)
class Rows:
    """Rows as arrays; they are mapped from files, so that more of them than memory holds can be worked on in slices.

    `numbers` are float32 [rows, n] with NaN for missing, `codes` int32 [rows, m]: the place of a text among the
    categories of its column, or a number from how many these are if the training part does not have the text. `target`
    is float64 in a regression, otherwise int32, the place of the label in the same way.
    """

    numbers: NDArray[np.float32]
    codes: NDArray[np.int32]
    target: NDArray[Any]
    texts: tuple[Texts, ...]

    def __len__(self) -> int:
        return len(self.target)

    def features(self, rows: slice) -> Features:
        """Return some rows as a request would bring them."""
        strings = np.empty((len(self.target[rows]), len(self.texts)), object)
        for index, column in enumerate(self.texts):
            strings[:, index] = column.texts[self.codes[rows, index]]
        return Features(np.array(self.numbers[rows]), strings)

    def batches(self) -> Iterator[tuple[slice, Features]]:
        """Return all rows as requests would bring them, some thousand at a time."""
        return ((rows, self.features(rows)) for rows in slices(len(self)))


def divide(rows: Rows, mask: NDArray[np.bool_]) -> tuple[Rows, Rows]:
    """Return the rows that the mask leaves, and those that it selects."""
    return _part(rows, ~mask), _part(rows, mask)


def _part(rows: Rows, mask: NDArray[np.bool_]) -> Rows:
    numbers, codes, target = (_selected(array, mask) for array in (rows.numbers, rows.codes, rows.target))
    return Rows(numbers, codes, target, rows.texts)


def _selected(array: NDArray[Any], mask: NDArray[np.bool_]) -> NDArray[Any]:
    selected = on_disk(array.dtype, (int(mask.sum()), *array.shape[1:]))
    end = 0
    for rows in slices(len(mask)):
        block = array[rows][mask[rows]]
        selected[end : end + len(block)] = block
        end += len(block)
    return selected


def in_order(texts: Sequence[str], codes: NDArray[np.int32], mask: NDArray[np.bool_]) -> Texts:
    """Number the texts of a column anew, in place: those of the rows that the mask leaves first, sorted."""
    counts = np.zeros(len(texts), np.int64)
    for rows in slices(len(codes)):
        counts += np.bincount(codes[rows][~mask[rows]], minlength=len(texts))
    order = sorted(range(len(texts)), key=lambda code: (counts[code] == 0, texts[code]))
    renamed = np.empty(len(texts), np.int32)
    renamed[order] = np.arange(len(texts), dtype=np.int32)
    for rows in slices(len(codes)):
        codes[rows] = renamed[codes[rows]]
    ordered = np.empty(len(texts), object)
    ordered[:] = [texts[code] for code in order]
    return Texts(ordered, int((counts > 0).sum()))
