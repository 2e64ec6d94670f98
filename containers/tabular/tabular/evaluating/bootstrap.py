"""The paired bootstrap: how much worse a challenger is, and how much of that may be chance."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tabular.evaluating.measured import MINIMISED, Measured, Weights, once

SEED = 0
LARGEST_CHUNK = 4_000_000  # weights that are held at a time: 32 MB


@dataclass(frozen=True)
class Bootstrap:
    """How many resamples are drawn, and how sure the interval is to be: 0.95 leaves 2.5 % on either side."""

    resamples: int = 1000
    confidence: float = 0.95


def deviations(measured: Measured, bootstrap: Bootstrap) -> dict[str, float]:
    """Return the standard deviation of each metric over the resamples."""
    found = _over_resamples([measured], bootstrap)[0]
    with np.errstate(invalid="ignore"):
        return {name: float(np.std(values)) for name, values in found.items()}


def compare(champion: Measured, challenger: Measured, bootstrap: Bootstrap) -> dict[str, dict[str, Any]]:
    """Compare two models on the same rows, by every metric that both have.

    `worse_percent` is how much worse the challenger is, in per cent of the champion; `lower` and `upper` are the ends
    of its two-sided percentile interval. Resamples in which a metric is not defined are left out, and said so in
    `resamples`.
    """
    before, now = once(champion), once(challenger)
    resampled = _over_resamples([champion, challenger], bootstrap)
    comparison = {}
    for name in [name for name in now if name in before]:
        differences = worse_percent(name, resampled[0][name], resampled[1][name])
        differences = np.sort(differences[~np.isnan(differences)])
        lower, upper = _interval(differences, bootstrap.confidence)
        comparison[name] = {
            "champion": before[name],
            "challenger": now[name],
            "worse_percent": float(worse_percent(name, np.array([before[name]]), np.array([now[name]]))[0]),
            "lower": lower,
            "upper": upper,
            "confidence": bootstrap.confidence,
            "resamples": len(differences),
            "rows": challenger.rows,
        }
    return comparison


def worse_percent(name: str, before: NDArray[np.float64], now: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much worse `now` is, in per cent of `before`: 0 if they are equal.

    If only `before` is 0, what is worse is infinitely worse; what is better is so by 100 %, and not by a number that
    JSON has no word for: a champion that gets nothing right is to be beaten.
    """
    worse = now - before if name in MINIMISED else before - now
    with np.errstate(all="ignore"):
        found = np.where(now == before, 0.0, 100 * worse / np.abs(before))
    return np.where(np.isneginf(found), -100.0, found)


def _interval(ordered: NDArray[np.float64], confidence: float) -> tuple[float, float]:
    """Return the interval's ends, each the value beyond the quantile: never narrower than it is asked for."""
    if not len(ordered):
        return math.nan, math.nan
    tail = (1 - confidence) / 2 * (len(ordered) - 1)
    return float(ordered[math.floor(tail)]), float(ordered[len(ordered) - 1 - math.floor(tail)])


def _over_resamples(models: list[Measured], bootstrap: Bootstrap) -> list[dict[str, NDArray[np.float64]]]:
    parts = [[model.measure(weights) for model in models] for weights in _weights(models[0].rows, bootstrap.resamples)]
    return [
        {name: np.concatenate([part[index][name] for part in parts]) for name in parts[0][index]}
        for index in range(len(models))
    ]


def _weights(rows: int, resamples: int) -> Iterator[Weights]:
    """Yield how often each row is in each resample: always the same ones for the same number of rows."""
    random = np.random.default_rng(SEED)
    size = max(1, LARGEST_CHUNK // rows)
    for first in range(0, resamples, size):
        count = min(size, resamples - first)
        drawn = random.integers(0, rows, (count, rows)) + np.arange(count)[:, None] * rows
        yield np.bincount(drawn.ravel(), minlength=count * rows).reshape(count, rows).astype(np.float64)
