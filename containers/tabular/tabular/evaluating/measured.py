"""What each kind of problem gives to be measured and compared, and the words that they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

# Rows [resamples, rows]: how often each row counts. One row of ones is the data as they are.
Weights = NDArray[np.float64]
Metrics = Mapping[str, NDArray[np.float64]]
# Which way each metric is better; all others are better if larger.
MINIMISED = ("rmse", "mae", "mape", "mse", "davies_bouldin", "anomaly_percent")


class Measured(Protocol):
    """Rows with the truth and what a model says of them."""

    @property
    def rows(self) -> int:
        """How many rows there are."""

    def part(self, rows: NDArray[np.intp]) -> Measured:
        """Return the rows with these indices."""

    def measure(self, weights: Weights) -> Metrics:
        """Return each metric, one value for each row of the weights; NaN where it is not defined."""

    def section(self, values: Mapping[str, Mapping[str, float]]) -> tuple[str, dict[str, Any]]:
        """Return the name and the content of SageMaker's section; `values` are the metrics with their deviations."""


def ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide; where there is nothing to divide by, it is 0, as scikit-learn has it of precision and recall."""
    return np.divide(above, below, out=np.zeros_like(above), where=below != 0)


def confusion(truth: NDArray[Any], said: NDArray[Any], labels: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return how many rows of each label were said to be each label; rows are given as indices into the labels."""
    counts = np.zeros((len(labels), len(labels)), int)
    np.add.at(counts, (truth.astype(int), said.astype(int)), 1)
    return {label: dict(zip(labels, row)) for label, row in zip(labels, counts.tolist())}


def once(measured: Measured) -> dict[str, float]:
    """Return the metrics of the rows as they are."""
    return {name: float(values[0]) for name, values in measured.measure(np.ones((1, measured.rows))).items()}
