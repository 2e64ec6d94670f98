"""The labels of a classification, and whether there are enough of them to learn from and to judge by."""

import numpy as np
from numpy.typing import NDArray

from runtime.errors import TrainingError, listed
from runtime.training.rows import Texts

BINARY = 2


def check_labels(labels: Texts, judged: NDArray[np.int32], problem: str) -> tuple[str, ...]:
    """Return the labels of the training part, sorted.

    Raises:
        TrainingError: the labels do not make this problem, or a part lacks one that its metrics need.
    """
    if problem == "binary" and len(labels.texts) != BINARY:
        raise TrainingError(
            f"Correct the target, or set problem to multiclass: binary is 2 labels, not {listed(sorted(labels.texts))}."
        )
    if labels.learnt < BINARY:
        raise TrainingError(f"Add rows of other labels: the training part has only {listed(labels.known)}.")
    there = labels.texts[np.unique(judged)]
    if problem == "binary" and len(judged) and len(there) < BINARY:
        raise TrainingError(f"Add rows, or change the split: all held-out rows are {listed(list(there))}.")
    return labels.known
