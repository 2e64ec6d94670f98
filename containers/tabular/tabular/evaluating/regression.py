"""Values against values: how far a regression is off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tabular.evaluating.measured import Metrics, Weights


@dataclass(frozen=True)
class Regression:
    """The true values and the predicted ones."""

    truth: NDArray[np.float64]
    predicted: NDArray[np.float64]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.truth)

    def part(self, rows: NDArray[np.intp]) -> Regression:
        """Return the rows with these indices."""
        return Regression(self.truth[rows], self.predicted[rows])

    def measure(self, weights: Weights) -> Metrics:
        """Return rmse, mae, mape, r2 and mse; mape is a share, and not defined if a true value is 0."""
        with np.errstate(all="ignore"):
            error = self.predicted - self.truth
            total = weights.sum(axis=1)
            squared = weights @ error**2
            # Around the mean of all: the difference of two large sums would be no longer exact.
            centred = self.truth - self.truth.mean()
            spread = weights @ centred**2 - (weights @ centred) ** 2 / total
            relative = weights @ np.abs(error / np.where(self.truth == 0, np.nan, self.truth))
            return {
                "rmse": np.sqrt(squared / total),
                "mae": weights @ np.abs(error) / total,
                "mape": relative / total,
                "r2": np.where(spread > 0, 1 - squared / spread, np.nan),
                "mse": squared / total,
            }

    def section(self, values: Mapping[str, Mapping[str, float]]) -> tuple[str, dict[str, Any]]:
        """Return SageMaker's `regression_metrics`."""
        return "regression_metrics", dict(values)
