"""Gradient boosting (Friedman, 2001): each tree learns what those before it leave to explain."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forest.ensemble import Ensemble, Link, linked, outputs_of
from forest.growing import grow
from forest.trees import DecisionTreeRegressor, Tree
from runtime.training import Job

DEFAULT_DEPTH = 4
DEFAULT_RATE = 0.1
# A leaf whose rows are all but certain has no curvature to divide by.
LEAST_CURVATURE = 1e-12


def fit_boosting(job: Job, encoded: NDArray[np.float32]) -> Ensemble:
    """Grow the trees: one a round for each output."""
    outputs = outputs_of(len(job.labels))
    total = job.values["n_estimators"] * outputs
    link: Link = "NONE" if not job.labels else "LOGISTIC" if outputs == 1 else "SOFTMAX"
    mixing = list((job.values["learning_rate"] or DEFAULT_RATE) * np.eye(outputs)[:, None, :])
    base = _base(job)

    def following(trees: list[Tree]) -> Iterator[Tree]:
        known = Ensemble(trees, mixing, base, len(job.labels), link)
        sums = np.tile(base, (len(encoded), 1))
        for number in range(total):
            output = number % outputs
            if output == 0:  # the trees of a round all learn from what the round began with
                before = linked(sums, link)
            if number == len(trees):
                yield _tree(job, number, encoded, before[:, output], output)
            sums += known.added(number)[trees[number].apply(encoded)]

    trees = grow(job, total, encoded.shape[1], following)
    return Ensemble(trees, mixing, base, len(job.labels), link)


def _base(job: Job) -> NDArray[np.float64]:
    """Return what the outputs begin with: what is best without any tree."""
    if not job.labels:
        return np.array([np.mean(job.learnt.target)])
    shares = np.bincount(job.learnt.target, minlength=len(job.labels)) / len(job.learnt)
    return np.log(shares) if outputs_of(len(job.labels)) > 1 else np.array([np.log(shares[1] / shares[0])])


def _tree(job: Job, number: int, encoded: NDArray[np.float32], before: NDArray[np.float64], output: int) -> Tree:
    """Fit the tree of a number to the gradient of one output; in a classification its leaves are Newton's steps."""
    target, labels = job.learnt.target, len(job.labels)
    truth = (target == (output if outputs_of(labels) > 1 else 1)) if labels else target
    gradient = truth - before
    tree = _estimator(job.values, number).fit(encoded, gradient, check_input=False).tree_
    if labels:
        leaves = tree.apply(encoded)
        sums = np.bincount(leaves, gradient, tree.node_count)
        curvature = np.bincount(leaves, before * (1 - before), tree.node_count)
        several = (labels - 1) / labels if outputs_of(labels) > 1 else 1  # K outputs for K - 1 degrees of freedom
        tree.value[:, 0, 0] = several * sums / np.maximum(curvature, LEAST_CURVATURE)
    return tree


def _estimator(values: Mapping[str, Any], number: int) -> DecisionTreeRegressor:
    generator = np.random.default_rng([values["seed"], number])
    return DecisionTreeRegressor(
        min_samples_leaf=values["min_samples_leaf"],
        max_features=values["max_features"],
        max_depth=values["max_depth"] or DEFAULT_DEPTH,
        random_state=int(generator.integers(0, 2**31)),
    )
