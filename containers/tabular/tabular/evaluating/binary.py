"""Two labels: what was said to be positive, and what is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tabular.evaluating import curves
from tabular.evaluating.measured import Metrics, Weights, confusion, ratio

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Binary:
    """Whether each row is positive, whether it was said to be, and its score, if the model gives one.

    `labels` are the negative and the positive one.
    """

    truth: Flags
    said: Flags
    scores: NDArray[np.float64] | None
    labels: tuple[str, str]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.truth)

    def part(self, rows: NDArray[np.intp]) -> Binary:
        """Return the rows with these indices."""
        scores = None if self.scores is None else self.scores[rows]
        return Binary(self.truth[rows], self.said[rows], scores, self.labels)

    def measure(self, weights: Weights) -> Metrics:
        """Return accuracy, precision, recall and f1, and auc if there are scores."""
        right = weights @ (self.truth == self.said)
        hits = weights @ (self.truth & self.said)
        positive, said = weights @ self.truth, weights @ self.said
        found = {
            "accuracy": right / weights.sum(axis=1),
            "precision": ratio(hits, said),
            "recall": ratio(hits, positive),
            "f1": ratio(2 * hits, positive + said),
        }
        if self.scores is not None:
            found["auc"] = curves.area(self.truth, self.scores, weights)
        return found

    def section(self, values: Mapping[str, Mapping[str, float]]) -> tuple[str, dict[str, Any]]:
        """Return SageMaker's `binary_classification_metrics`."""
        negative, positive = self.labels
        counts = confusion(self.truth, self.said, self.labels)
        section: dict[str, Any] = {"confusion_matrix": counts, **values}
        for name, label, said in (
            ("true_positive_rate", positive, positive),
            ("true_negative_rate", negative, negative),
            ("false_positive_rate", negative, positive),
            ("false_negative_rate", positive, negative),
        ):
            whole = sum(counts[label].values())
            section[name] = {"value": counts[label][said] / whole if whole else 0.0}
        precision, recall = values["precision"]["value"], values["recall"]["value"]
        for name, beta in (("f0_5", 0.5), ("f2", 2.0)):
            section[name] = {"value": f_score(precision, recall, beta)}
        if self.scores is not None:
            section["receiver_operating_characteristic_curve"] = curves.roc(self.truth, self.scores)
            section["precision_recall_curve"] = curves.precision_recall(self.truth, self.scores)
        return "binary_classification_metrics", section


def f_score(precision: float, recall: float, beta: float) -> float:
    """Return the F score in which recall counts `beta` times as much as precision."""
    below = beta**2 * precision + recall
    return (1 + beta**2) * precision * recall / below if below else 0.0
