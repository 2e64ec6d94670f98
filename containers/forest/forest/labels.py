"""The labels of a classification, and whether there are enough of them to learn from and to judge by."""

import numpy as np
from numpy.typing import NDArray

from forest.errors import TrainingError, listed

BINARY = 2


def check_labels(target: NDArray[np.generic], mask: NDArray[np.bool_], problem: str) -> tuple[str, ...]:
    """Return the labels of a classification, sorted; none for a regression.

    Raises:
        TrainingError: the labels do not make this problem, or a part lacks one that its metrics need.
    """
    if problem == "regression":
        return ()
    labels = sorted(set(target))
    learnt = sorted(set(target[~mask]))
    if problem == "binary" and len(labels) != BINARY:
        raise TrainingError(
            f"Correct the target, or set problem to multiclass: binary is 2 labels, not {listed(labels)}."
        )
    if len(learnt) < BINARY:
        raise TrainingError(f"Add rows of other labels: the training part has only {listed(learnt)}.")
    if problem == "binary" and mask.any() and len(set(target[mask])) < BINARY:
        raise TrainingError(f"Add rows, or change the split: all held-out rows are {listed(list(set(target[mask])))}.")
    return tuple(learnt)
