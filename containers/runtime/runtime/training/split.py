"""Which rows are held out: the model never learns from them, and every metric is computed on them."""

import hashlib
import random
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from runtime.errors import TrainingError, listed
from runtime.header import did_you_mean
from runtime.training.hyperparameters import Split

# Fewer rows than this, in either part, give no metric.
SMALLEST_PART = 2


class Division:
    """Decides of each row whether it is held out; the rows pass by once, some at a time."""

    def __init__(self, split: Split, names: Sequence[str]) -> None:
        """Prepare to divide rows with these columns.

        Raises:
            TrainingError: a key column is missing.
        """
        self._split = split
        self._hashed: list[NDArray[np.bool_]] = []
        missing = [name for name in split.key if name not in names]
        if split.method == "hash" and missing:
            raise TrainingError(
                f"Correct split_key: {listed(missing)} is no column; the columns are {listed(names)}."
                f"{did_you_mean(missing, names)}"
            )
        self._key = [names.index(name) for name in split.key or sorted(names) if name in names]

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        """Look at the next rows."""
        if self._split.method == "hash":
            # By the content of a row: it stays on its side however the data grow or are sorted.
            texts = (_SEPARATOR.join([row[index] for index in self._key]) for row in rows)
            seed = f"{self._split.seed}{_SEPARATOR}"
            self._hashed.append(np.array([_fraction(seed + text) < self._split.test for text in texts], np.bool_))

    def mask(self, rows: int) -> NDArray[np.bool_]:
        """Return which of all the rows are held out, about `split.test` of them.

        Raises:
            TrainingError: one of the two parts is all but empty.
        """
        mask = np.concatenate([*self._hashed, np.zeros(0, np.bool_)]) if self._hashed else self._by_place(rows)
        tested = int(mask.sum())
        if self._split.method != "none" and min(tested, rows - tested) < SMALLEST_PART:
            raise TrainingError(
                f"Provide more rows, or change split_method, _test, _key or _seed: of {rows:,} rows the"
                f" {self._split.method} split holds out {tested:,}, and both parts need at least {SMALLEST_PART}."
            )
        return mask

    def _by_place(self, rows: int) -> NDArray[np.bool_]:
        mask, count = np.zeros(rows, np.bool_), round(rows * self._split.test)
        if self._split.method == "random":  # an exact share, drawn by the seed; it depends on the order of the rows
            mask[random.Random(self._split.seed).sample(range(rows), count)] = True  # noqa: S311 (no secret)
        elif self._split.method == "ordered":  # the last rows: for data that are sorted by time
            mask[rows - count :] = True
        return mask


_SEPARATOR = "\x1f"


def _fraction(text: str) -> float:
    """Map text to a fraction, evenly spread over 0 to 1."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") / 2**64
