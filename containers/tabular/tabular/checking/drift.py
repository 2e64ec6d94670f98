"""The population stability index: how far a column's distribution is from the one that the champion learnt from."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tabular.checking.feature import Feature, bin_counts, value_counts

# A category is a bin of its own from this share of the rows, and so many of them, then or now; the rest, such as
# identifiers, are one bin together.
SMALLEST_SHARE = 0.01
FEWEST_ROWS = 10
# The index of two samples of the same data is above the limit once in 10,000 times: this quantile of the normal.
QUANTILE = 3.719


def stability(champion: Feature, current: Feature, values: NDArray[np.float64]) -> tuple[float, float] | None:
    """Return the index, and how large chance alone makes it in samples of these sizes; None if kinds differ.

    Args:
        champion: the column in the champion's profile.
        current: the column now.
        values: a sample of its numbers now, NaN for empty; all of it for a column of text is NaN.
    """
    # A column that is of no kind now is empty: all of its cells are in one bin.
    if "numerical_statistics" in champion:
        same = "numerical_statistics" in current or current["inferred_type"] == "Unknown"
        return _index(*_number_bins(champion, values)) if same else None
    if champion["inferred_type"] == "String" and current["inferred_type"] in ("String", "Unknown"):
        return _index(*_category_bins(champion, current))
    return None


def _number_bins(champion: Feature, values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    missing = champion["numerical_statistics"]["common"]["num_missing"]
    present = champion["numerical_statistics"]["common"]["num_present"]
    # Of large data the deciles are of a sample, and the empty cells are of all rows: brought to one size.
    scale = sum(champion["decile_counts"]) / max(present, 1)
    empty = np.isnan(values)
    now = bin_counts(champion["deciles"], values[~empty])
    return (
        np.array([*champion["decile_counts"], missing * scale], np.float64),
        np.array([*now, empty.sum()], np.float64),
    )


def _category_bins(champion: Feature, current: Feature) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    before, now = value_counts(champion), value_counts(current)
    rows = [sum(each["string_statistics"]["common"].values()) for each in (champion, current)]
    bins = sorted(
        {
            value
            for counts, whole in zip((before, now), rows)
            for value, count in counts.items()
            if count >= max(SMALLEST_SHARE * whole, FEWEST_ROWS)
        }
    )
    found = []
    for feature, counts, whole in zip((champion, current), (before, now), rows):
        missing = feature["string_statistics"]["common"]["num_missing"]
        own = [counts.get(value, 0) for value in bins]
        found.append(np.array([*own, missing, whole - missing - sum(own)], np.float64))
    return found[0], found[1]


def _index(before: NDArray[np.float64], now: NDArray[np.float64]) -> tuple[float, float]:
    """Return the index, and its bound for samples of one distribution.

    Under that hypothesis it is (1/n + 1/m) times a chi-squared variable (Yurdakul, 2018, "Statistical properties of
    population stability index"), whose quantile Wilson and Hilferty approximate. Half a row is added to every bin, so
    that an empty one does not make it infinite.
    """
    used = (before + now) > 0
    before, now = before[used], now[used]
    sizes = 1 / max(before.sum(), 1) + 1 / max(now.sum(), 1)
    first, second = ((counts + 0.5) / (counts.sum() + len(counts) / 2) for counts in (before, now))
    index = float(((second - first) * np.log(second / first)).sum())
    freedom = len(before) - 1
    if freedom < 1:
        return index, 0.0
    spread = 2 / (9 * freedom)
    return index, float(sizes) * freedom * (1 - spread + QUANTILE * math.sqrt(spread)) ** 3
