"""Which part a row is in: train, validation or test."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from tabular.errors import TabularError, counted, listed
from tabular.rowhash import digest
from tabular.settings import Split
from tabular.table import Table

PARTS = ("train", "validation", "test")
TRAIN, VALIDATION, TEST = range(3)
# Fewer rows than this, in any part, give no metric.
SMALLEST_PART = 2


def split_table(table: Table, split: Split) -> list[int]:
    """Return the part of each row, as an index into `PARTS`.

    Raises:
        TabularError: a key column is missing, or a part that is asked for is all but empty.
    """
    parts = parts_of(table, split)
    check_parts([parts.count(part) for part in range(len(PARTS))], split)
    return parts


def parts_of(table: Table, split: Split) -> list[int]:
    """Return the part of each row, however many rows that makes of each.

    Raises:
        TabularError: a key column is missing.
    """
    return _METHODS[split.method](table, split)


def check_parts(counts: Sequence[int], split: Split) -> None:
    """Refuse parts that are all but empty.

    Raises:
        TabularError: saying which.
    """
    for part, share in ((TRAIN, 1.0), (VALIDATION, split.validation), (TEST, split.test)):
        if share and counts[part] < SMALLEST_PART:
            together = " Rows with the same key stay together." if split.method == "hash" else ""
            raise TabularError(
                f"Provide more rows, or change data.split: of {counted(sum(counts), 'row')} the {split.method} split"
                f" puts {counts[part]} into {PARTS[part]}, and each part needs at least {SMALLEST_PART}.{together}"
            )


def _by_hash(table: Table, split: Split) -> list[int]:
    """Choose by the hash of a row's key: it stays in its part however the data grow or are sorted."""
    if missing := [name for name in split.key if name not in table.names]:
        raise TabularError(
            f"Correct data.split.key: {listed(missing)} is no column; the columns are {listed(table.names)}."
        )
    keys = table.select(split.key or sorted(table.names)).rows
    return [_part(_fraction(split.seed, cells), split) for cells in keys]


def _part(fraction: float, split: Split) -> int:
    if fraction < split.test:
        return TEST
    return VALIDATION if fraction < split.test + split.validation else TRAIN


def _fraction(seed: int, cells: Sequence[str]) -> float:
    """Map cells to a fraction, evenly spread over 0 to 1."""
    return int.from_bytes(digest([str(seed), *cells]), "big") / 2**64


def _random(table: Table, split: Split) -> list[int]:
    """Draw exact shares by the seed; it depends on the order of the rows."""
    order = list(range(len(table.rows)))
    random.Random(split.seed).shuffle(order)  # noqa: S311 (no secret)
    return _in_shares(order, split)


def _ordered(table: Table, split: Split) -> list[int]:
    """Test on the last rows, and validate on those before them: for data that are sorted by time."""
    return _in_shares(list(range(len(table.rows)))[::-1], split)


def _in_shares(order: Sequence[int], split: Split) -> list[int]:
    parts = [TRAIN] * len(order)
    test, validation = (round(len(order) * share) for share in (split.test, split.validation))
    for place, row in enumerate(order[: test + validation]):
        parts[row] = TEST if place < test else VALIDATION
    return parts


_METHODS: dict[str, Callable[[Table, Split], list[int]]] = {"hash": _by_hash, "random": _random, "ordered": _ordered}
