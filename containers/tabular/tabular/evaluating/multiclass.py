"""Several labels: which were said, and which are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tabular.evaluating.binary import f_score
from tabular.evaluating.measured import Metrics, Weights, confusion, ratio

Codes = NDArray[np.intp]


@dataclass(frozen=True)
class Multiclass:
    """The true labels and the predicted ones, as indices into all labels."""

    truth: Codes
    said: Codes
    labels: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.truth)

    def part(self, rows: NDArray[np.intp]) -> Multiclass:
        """Return the rows with these indices."""
        return Multiclass(self.truth[rows], self.said[rows], self.labels)

    def measure(self, weights: Weights) -> Metrics:
        """Return accuracy, and F1 over the labels that occur: their plain mean, and weighted by how common each is."""
        hits, truth, said = self._counts(weights)
        scores = ratio(2 * hits, truth + said)
        occurring = (truth + said > 0).sum(axis=1)
        return {
            "accuracy": hits.sum(axis=1) / truth.sum(axis=1),
            "f1_macro": scores.sum(axis=1) / occurring,
            "f1_weighted": (scores * truth).sum(axis=1) / truth.sum(axis=1),
        }

    def section(self, values: Mapping[str, Mapping[str, float]]) -> tuple[str, dict[str, Any]]:
        """Return SageMaker's `multiclass_classification_metrics`."""
        hits, truth, said = (each[0] for each in self._counts(np.ones((1, self.rows))))
        precision, recall = ratio(hits, said), ratio(hits, truth)
        section: dict[str, Any] = {
            "confusion_matrix": confusion(self.truth, self.said, self.labels),
            "accuracy": values["accuracy"],
        }
        weighted = {"weighted_precision": precision, "weighted_recall": recall}
        for name, beta in (("weighted_f0_5", 0.5), ("weighted_f2", 2.0)):
            weighted[name] = np.array([f_score(*pair, beta) for pair in zip(precision, recall)])
        section.update({name: {"value": float(np.average(each, weights=truth))} for name, each in weighted.items()})
        return "multiclass_classification_metrics", {
            **section,
            "weighted_f1": values["f1_weighted"],
            "macro_f1": values["f1_macro"],
        }

    def _counts(self, weights: Weights) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return, for each resample and label, how often it was rightly said, how often it is, and how often said."""
        each = np.eye(len(self.labels))
        truth, said = each[self.truth], each[self.said]
        return weights @ (truth * said), weights @ truth, weights @ said
