"""Fitted trees and how their answers are put together: the same for a forest and for boosting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forest.trees import Tree

BINARY = 2
Link = Literal["NONE", "LOGISTIC", "SOFTMAX"]


@dataclass(frozen=True)
class Ensemble:
    """Trees whose answers are added up, from `base` on.

    There is one output in a regression, one for the second of two labels, or one for each of more. Of a tree's value,
    `mixing[number % len(mixing)]` [values, outputs] says what it adds to each. The `link`, in the words of ONNX, makes
    the answers of the sums.
    """

    trees: Sequence[Tree]
    mixing: Sequence[NDArray[np.float64]]
    base: NDArray[np.float64]
    labels: int
    link: Link = "NONE"

    def added(self, number: int) -> NDArray[np.float64]:
        """Return what each node of a tree, were it a leaf, would add to the outputs [nodes, outputs]."""
        added: NDArray[np.float64] = self.trees[number].value[:, 0, :] @ self.mixing[number % len(self.mixing)]
        return added

    def predict(self, encoded: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the predictions [rows, 1], or the probabilities [rows, labels]."""
        outputs = np.tile(self.base, (len(encoded), 1))
        for number, tree in enumerate(self.trees):
            outputs += self.added(number)[tree.apply(encoded)]
        answers = linked(outputs, self.link)
        return np.hstack([1 - answers, answers]) if self.labels == BINARY else answers


def linked(outputs: NDArray[np.float64], link: Link) -> NDArray[np.float64]:
    """Return what the sums mean."""
    if link == "NONE":
        return outputs
    if link == "LOGISTIC":
        logistic: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(outputs, -500, 500)))
        return logistic
    exponentials = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    softmax: NDArray[np.float64] = exponentials / exponentials.sum(axis=1, keepdims=True)
    return softmax


def outputs_of(labels: int) -> int:
    """Return how many outputs there are."""
    return labels if labels > BINARY else 1
