"""Which rows are held out: the model never learns from them, and every metric is computed on them."""

import hashlib
import random

import numpy as np
from numpy.typing import NDArray

from forest.errors import TrainingError, listed
from forest.header import did_you_mean
from forest.hyperparameters import Split
from forest.table import Table

# Fewer rows than this, in either part, give no metric.
SMALLEST_PART = 2


def held_out(table: Table, split: Split) -> NDArray[np.bool_]:
    """Return a mask of the rows to hold out, about `split.test` of them.

    Raises:
        TrainingError: a key column is missing, or one of the two parts is all but empty.
    """
    mask = np.array(_METHODS[split.method](table, split), dtype=np.bool_)
    tested = int(mask.sum())
    if split.method != "none" and min(tested, len(mask) - tested) < SMALLEST_PART:
        raise TrainingError(
            f"Provide more rows, or change split_method, _test, _key or _seed: of {len(mask):,} rows the"
            f" {split.method} split holds out {tested:,}, and both parts need at least {SMALLEST_PART}."
        )
    return mask


def _by_hash(table: Table, split: Split) -> list[bool]:
    """Hold out by the hash of a row's content: it stays on its side however the data grow or are sorted."""
    missing = [name for name in split.key if name not in table.names]
    if missing:
        raise TrainingError(
            f"Correct split_key: {listed(missing)} is no column; the columns are {listed(table.names)}."
            f"{did_you_mean(missing, table.names)}"
        )
    indices = [table.names.index(name) for name in split.key or sorted(table.names)]
    return [_fraction(split.seed, [row.cells[index] for index in indices]) < split.test for row in table.rows]


def _fraction(seed: int, cells: list[str]) -> float:
    """Map cells to a fraction, evenly spread over 0 to 1."""
    digest = hashlib.sha256("\x1f".join([str(seed), *cells]).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def _random(table: Table, split: Split) -> list[bool]:
    """Hold out an exact share, drawn by the seed; it depends on the order of the rows."""
    drawn = set(random.Random(split.seed).sample(range(len(table.rows)), _share(table, split)))  # noqa: S311 (no secret)
    return [index in drawn for index in range(len(table.rows))]


def _ordered(table: Table, split: Split) -> list[bool]:
    """Hold out the last rows: for data that are sorted by time."""
    first = len(table.rows) - _share(table, split)
    return [index >= first for index in range(len(table.rows))]


def _share(table: Table, split: Split) -> int:
    return round(len(table.rows) * split.test)


def _none(table: Table, _split: Split) -> list[bool]:
    return [False] * len(table.rows)


_METHODS = {"hash": _by_hash, "random": _random, "ordered": _ordered, "none": _none}
