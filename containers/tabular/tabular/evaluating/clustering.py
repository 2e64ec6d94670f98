"""Clusters: how near their rows are to each other, and how well they agree with labels, if there are any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tabular.evaluating.measured import Metrics, Weights, ratio

LARGEST_SAMPLE = 1000  # rows between which distances are taken
ENOUGH = 2  # clusters, for any to be apart
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Clustering:
    """The rows' coordinates, each row's cluster, and its true label or -1; `labels` is None without a target."""

    points: Numbers
    clusters: NDArray[np.intp]
    labels: NDArray[np.intp] | None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.clusters)

    def part(self, rows: NDArray[np.intp]) -> Clustering:
        """Return the rows with these indices."""
        labels = None if self.labels is None else self.labels[rows]
        return Clustering(self.points[rows], self.clusters[rows], labels)

    def measure(self, weights: Weights) -> Metrics:
        """Return silhouette and davies_bouldin of a sample, and purity and nmi of all rows with a label."""
        points, clusters = self.points[self._sample], self.clusters[self._sample]
        counted = weights[:, self._sample]
        with np.errstate(invalid="ignore", divide="ignore"):
            found = {
                "silhouette": counted @ self._silhouettes / counted.sum(axis=1),
                "davies_bouldin": np.array([davies_bouldin(points, clusters, each) for each in counted]),
            }
        return found if self.labels is None else {**found, **self._agreement(weights)}

    def section(self, values: Mapping[str, Mapping[str, float]]) -> tuple[str, dict[str, Any]]:
        """Return `clustering_metrics`, with how many rows each cluster has."""
        sizes = {str(cluster): int(count) for cluster, count in zip(*np.unique(self.clusters, return_counts=True))}
        return "clustering_metrics", {"cluster_sizes": sizes, **values}

    @cached_property
    def _sample(self) -> NDArray[np.intp]:
        if self.rows <= LARGEST_SAMPLE:
            return np.arange(self.rows)
        return np.sort(np.random.default_rng(0).choice(self.rows, LARGEST_SAMPLE, replace=False))

    @cached_property
    def _silhouettes(self) -> Numbers:
        return silhouettes(self.points[self._sample], self.clusters[self._sample])

    def _agreement(self, weights: Weights) -> Metrics:
        labels = np.empty(0, np.intp) if self.labels is None else self.labels
        known = labels >= 0
        tables = [_contingency(self.clusters[known], labels[known], each) for each in weights[:, known]]
        return {
            "purity": np.array([table.max(axis=1).sum() / table.sum() if table.sum() else np.nan for table in tables]),
            "nmi": np.array([mutual_information(table) for table in tables]),
        }


def silhouettes(points: Numbers, clusters: NDArray[np.intp]) -> Numbers:
    """Return each row's silhouette (Rousseeuw, 1987); 0 if it is alone in its cluster, NaN if there is but one."""
    names, codes = np.unique(clusters, return_inverse=True)
    if len(names) < ENOUGH:
        return np.full(len(points), np.nan)
    each = np.eye(len(names))[codes]
    sizes, sums = each.sum(axis=0), _distances(points) @ each
    rows = np.arange(len(points))
    own = sums[rows, codes] / np.maximum(sizes[codes] - 1, 1)
    others = sums / sizes
    others[rows, codes] = np.inf
    nearest = others.min(axis=1)
    return np.where(sizes[codes] > 1, ratio(nearest - own, np.maximum(nearest, own)), 0.0)


def davies_bouldin(points: Numbers, clusters: NDArray[np.intp], weights: Numbers) -> float:
    """Return how alike each cluster is to the one most like it, on average (Davies and Bouldin, 1979)."""
    names, codes = np.unique(clusters[weights > 0], return_inverse=True)
    if len(names) < ENOUGH:
        return float("nan")
    points, counted = points[weights > 0], weights[weights > 0]
    each = np.eye(len(names))[codes] * counted[:, None]
    sizes = each.sum(axis=0)
    centres = each.T @ points / sizes[:, None]
    spread = each.T @ np.linalg.norm(points - centres[codes], axis=1)
    scatter = np.array([spread[index] / sizes[index] for index in range(len(names))])
    apart = _distances(centres)
    np.fill_diagonal(apart, np.inf)
    return float(((scatter[:, None] + scatter) / apart).max(axis=1).mean())


def mutual_information(table: Numbers) -> float:
    """Return the information that clusters and labels share, in parts of the mean of what each has."""
    if not table.sum():
        return float("nan")
    joint = table / table.sum()
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    filled = joint > 0
    shared = float((joint[filled] * np.log(joint[filled] / np.outer(rows, columns)[filled])).sum())
    mean = (_entropy(rows) + _entropy(columns)) / 2
    return shared / mean if mean else 1.0


def _entropy(shares: Numbers) -> float:
    filled = shares[shares > 0]
    return float(-(filled * np.log(filled)).sum())


def _contingency(clusters: NDArray[np.intp], labels: NDArray[np.intp], weights: Numbers) -> Numbers:
    table = np.zeros((clusters.max(initial=0) + 1, labels.max(initial=0) + 1))
    np.add.at(table, (clusters, labels), weights)
    return table


def _distances(points: Numbers) -> Numbers:
    squares = np.zeros((len(points), len(points)))
    for column in points.T:  # one at a time, for the memory
        squares += (column[:, None] - column) ** 2
    return np.sqrt(squares)
