"""Anomalies: how many rows are flagged, and how right that is where labels are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tabular.evaluating import curves
from tabular.evaluating.binary import Binary
from tabular.evaluating.measured import Metrics, Weights

DEVIATIONS = 3  # above the mean, as SageMaker's Random Cut Forest is read
TWO = 2


@dataclass(frozen=True)
class Anomaly:
    """Each row's score, the score from which a row is flagged, and the truth for the rows that have a label."""

    scores: NDArray[np.float64]
    threshold: float
    known: NDArray[np.bool_]
    truth: NDArray[np.bool_]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.scores)

    def part(self, rows: NDArray[np.intp]) -> Anomaly:
        """Return the rows with these indices."""
        return Anomaly(self.scores[rows], self.threshold, self.known[rows], self.truth[rows])

    def measure(self, weights: Weights) -> Metrics:
        """Return anomaly_percent, and of the rows with a label auc, precision, recall and f1."""
        found = {"anomaly_percent": 100 * (weights @ (self.scores >= self.threshold)) / weights.sum(axis=1)}
        if not self.known.any():
            return found
        with np.errstate(invalid="ignore"):
            labelled = self._labelled().measure(weights[:, self.known])
        return {**found, **{name: labelled[name] for name in ("auc", "precision", "recall", "f1")}}

    def section(self, values: Mapping[str, Mapping[str, float]]) -> tuple[str, dict[str, Any]]:
        """Return `anomaly_metrics`, with the threshold and, of the rows with a label, the curves."""
        section: dict[str, Any] = {"score_threshold": self.threshold, **values}
        if self.known.any():
            truth, scores = self.truth[self.known], self.scores[self.known]
            section["receiver_operating_characteristic_curve"] = curves.roc(truth, scores)
            section["precision_recall_curve"] = curves.precision_recall(truth, scores)
        return "anomaly_metrics", section

    def _labelled(self) -> Binary:
        truth, scores = self.truth[self.known], self.scores[self.known]
        return Binary(truth, scores >= self.threshold, scores, ("normal", "anomaly"))


def anomaly_threshold(scores: NDArray[np.float64], rate: float | None) -> float:
    """Return the score from which a row is flagged: for the wanted share of rows, else by how the scores are spread.

    A model that says but two things flags by the larger of them.
    """
    if rate is not None:
        return curves.threshold(scores, rate)
    values = np.unique(scores)
    if len(values) == TWO:
        return float(values[1])
    return float(np.nextafter(scores.mean() + DEVIATIONS * scores.std(), np.inf))
