"""The metrics of a model on the rows that it is judged by, by kind of problem."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_Codes = NDArray[np.integer]


def regression(truth: NDArray[np.float64], said: NDArray[np.floating]) -> dict[str, float]:
    """Return `rmse`, `mae` and `r2`; with a target that never changes, `r2` is 1 or 0."""
    errors = truth - said.astype(np.float64)
    squared, spread = float(np.sum(errors**2)), float(np.sum((truth - truth.mean()) ** 2))
    return {
        "rmse": float(np.sqrt(squared / len(truth))),
        "mae": float(np.abs(errors).mean()),
        "r2": 1 - squared / spread if spread else float(squared == 0),
    }


def binary(truth: _Codes, said: _Codes, scores: NDArray[np.floating]) -> dict[str, float]:
    """Return the metrics of the label 1; `scores` are its probabilities."""
    precision, recall, f1, _ = _by_label(truth, said, 2)
    return {
        "accuracy": float(np.mean(truth == said)),
        "precision": float(precision[1]),
        "recall": float(recall[1]),
        "f1": float(f1[1]),
        "auc": _auc(truth == 1, scores),
    }


def multiclass(truth: _Codes, said: _Codes, labels: Sequence[str]) -> dict[str, float]:
    """Return the metrics over the labels that are true or said of any row."""
    *_, f1, support = _by_label(truth, said, len(labels))
    there = np.zeros(len(labels), np.bool_)
    there[truth] = there[said] = True
    return {
        "accuracy": float(np.mean(truth == said)),
        "f1_macro": float(f1[there].mean()),
        "f1_weighted": float(np.average(f1, weights=support)),
    }


def _by_label(truth: _Codes, said: _Codes, labels: int) -> tuple[NDArray[np.float64], ...]:
    """Return precision, recall, F1 and the number of rows of each label; what would be 0 / 0 is 0."""
    right = np.bincount(truth[truth == said], minlength=labels).astype(np.float64)
    true, guessed = (np.bincount(codes, minlength=labels) for codes in (truth, said))
    ratios = [right / np.maximum(count, 1) for count in (guessed, true)]
    return *ratios, 2 * right / np.maximum(true + guessed, 1), true


def _auc(positive: NDArray[np.bool_], scores: NDArray[np.floating]) -> float:
    """Return how often a positive row scores above a negative one; a tie counts one half (Mann and Whitney, 1947)."""
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    positives = int(positive.sum())
    pairs = positives * (len(positive) - positives)
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / pairs)
