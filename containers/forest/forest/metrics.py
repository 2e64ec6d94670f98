"""The metrics of a model on the hold-out part, by kind of problem."""

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics

from forest.dataset import Features
from forest.predictor import Predictor


def evaluate(
    predictor: Predictor, features: Features, target: NDArray[np.generic], labels: tuple[str, ...], problem: str
) -> dict[str, float]:
    """Compute the problem's metrics from what the ONNX model, the one that will be served, says."""
    predicted = predictor.predict(features)
    if problem == "regression":
        found = _regression(target, predicted)
    elif problem == "binary":
        found = _binary(target, predicted, predictor.probabilities(features)[:, 1], labels[1])
    else:
        found = _multiclass(target, predicted)
    return {name: float(value) for name, value in found.items()}


def _regression(target: NDArray[np.generic], predicted: NDArray[np.generic]) -> dict[str, float]:
    return {
        "rmse": metrics.root_mean_squared_error(target, predicted),
        "mae": metrics.mean_absolute_error(target, predicted),
        "r2": metrics.r2_score(target, predicted),
    }


def _binary(
    target: NDArray[np.generic], predicted: NDArray[np.generic], scores: NDArray[np.float32], positive: str
) -> dict[str, float]:
    truth, said = target == positive, predicted == positive
    return {
        "accuracy": metrics.accuracy_score(truth, said),
        "precision": metrics.precision_score(truth, said, zero_division=0),
        "recall": metrics.recall_score(truth, said, zero_division=0),
        "f1": metrics.f1_score(truth, said, zero_division=0),
        "auc": metrics.roc_auc_score(truth, scores),
    }


def _multiclass(target: NDArray[np.generic], predicted: NDArray[np.generic]) -> dict[str, float]:
    return {
        "accuracy": metrics.accuracy_score(target, predicted),
        "f1_macro": metrics.f1_score(target, predicted, average="macro", zero_division=0),
        "f1_weighted": metrics.f1_score(target, predicted, average="weighted", zero_division=0),
    }
