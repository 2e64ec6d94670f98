"""Scores against the truth: the area under the ROC curve, the curves themselves, and thresholds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tabular.evaluating.measured import Weights

MOST_POINTS = 200  # of a curve that is written down
Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


def area(truth: Flags, scores: Numbers, weights: Weights) -> Numbers:
    """Return the chance that a positive row scores higher than a negative one, equal scores being half of it.

    It is NaN where either kind is missing, or a score is NaN.
    """
    if np.isnan(scores).any():
        return np.full(len(weights), np.nan)
    order = np.argsort(scores, kind="stable")
    starts = _starts(scores[order])
    positive = np.add.reduceat(np.where(truth[order], weights[:, order], 0), starts, axis=1)
    negative = np.add.reduceat(np.where(truth[order], 0, weights[:, order]), starts, axis=1)
    below = np.cumsum(negative, axis=1) - negative / 2
    with np.errstate(invalid="ignore"):
        found: Numbers = (positive * below).sum(axis=1) / (positive.sum(axis=1) * negative.sum(axis=1))
    return found


def roc(truth: Flags, scores: Numbers) -> dict[str, list[float]]:
    """Return the ROC curve from (0, 0) to (1, 1), thinned to what can be drawn."""
    hits, alarms = _cumulated(truth, scores)
    kept = _thinned(len(hits))
    return {
        "false_positive_rates": [0.0, *(alarms / max(alarms[-1], 1))[kept].tolist()],
        "true_positive_rates": [0.0, *(hits / max(hits[-1], 1))[kept].tolist()],
    }


def precision_recall(truth: Flags, scores: Numbers) -> dict[str, list[float]]:
    """Return precision and recall, from the highest threshold to the lowest, thinned to what can be drawn."""
    hits, alarms = _cumulated(truth, scores)
    kept = _thinned(len(hits))
    return {
        "precisions": (hits / (hits + alarms))[kept].tolist(),
        "recalls": (hits / max(hits[-1], 1))[kept].tolist(),
    }


def threshold(scores: Numbers, rate: float) -> float:
    """Return the lowest score that flags at most this share of the rows: those that score it or more.

    Rows of one score are flagged together; where even the highest flags too many, nothing is.
    """
    values, counts = np.unique(scores, return_counts=True)
    flagged = np.cumsum(counts[::-1])[::-1]
    allowed = values[flagged <= rate * len(scores)]
    return float(allowed[0]) if len(allowed) else float(np.nextafter(values[-1], np.inf))


def _cumulated(truth: Flags, scores: Numbers) -> tuple[Numbers, Numbers]:
    """Return how many positive and negative rows score at least each value, from the highest value on."""
    order = np.argsort(-scores, kind="stable")
    ends = np.append(_starts(scores[order])[1:], len(order)) - 1
    return np.cumsum(truth[order], dtype=np.float64)[ends], np.cumsum(~truth[order], dtype=np.float64)[ends]


def _starts(ordered: Numbers) -> NDArray[np.intp]:
    """Return where each run of equal values begins."""
    return np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))


def _thinned(length: int) -> NDArray[np.intp]:
    return np.unique(np.linspace(0, length - 1, min(length, MOST_POINTS)).astype(np.intp))
