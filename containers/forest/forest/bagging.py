"""A random forest (Breiman, 2001): each tree learns from a sample of the rows, drawn by its own number."""

from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forest.ensemble import Ensemble, outputs_of
from forest.growing import grow
from forest.trees import DecisionTreeClassifier, DecisionTreeRegressor, Tree
from runtime.cores import cores
from runtime.training import Job


def fit_forest(job: Job, encoded: NDArray[np.float32]) -> Ensemble:
    """Grow the forest: the same trees, whatever the number of threads."""
    total: int = job.values["n_estimators"]
    target = np.array(job.learnt.target)
    kind = DecisionTreeClassifier if job.labels else DecisionTreeRegressor
    workers = cores()

    def following(trees: list[Tree]) -> Iterator[Tree]:
        pool = ThreadPoolExecutor(workers)
        pending: deque[Future[Tree]] = deque()
        try:
            for number in range(len(trees), total):
                pending.append(pool.submit(_tree, kind, job.values, number, encoded, target))
                if len(pending) > workers:  # not all at once: trees that are waited for are in memory twice over
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    trees = grow(job, total, encoded.shape[1], following)
    # A tree's values are the labels' shares; of two, that of the second tells both.
    shares = np.eye(max(1, len(job.labels)))[:, -outputs_of(len(job.labels)) :]
    return Ensemble(trees, [shares / total], np.zeros(shares.shape[1]), len(job.labels))


def _tree(
    kind: type[Any], values: Mapping[str, Any], number: int, encoded: NDArray[np.float32], target: NDArray[Any]
) -> Tree:
    generator = np.random.default_rng([values["seed"], number])
    drawn = np.bincount(generator.integers(0, len(target), len(target)), minlength=len(target))
    estimator = kind(
        min_samples_leaf=values["min_samples_leaf"],
        max_features=values["max_features"],
        max_depth=values["max_depth"],
        random_state=int(generator.integers(0, 2**31)),
    )
    return estimator.fit(encoded, target, drawn.astype(np.float64), check_input=False).tree_
