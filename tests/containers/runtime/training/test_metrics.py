from __future__ import annotations

import warnings

import numpy as np
import pytest
from sklearn import metrics as peer

from runtime.training import metrics


@pytest.mark.parametrize("seed", range(5))
def test_those_of_a_regression_are_what_scikit_learn_says(seed: int) -> None:
    generator = np.random.default_rng(seed)
    truth, said = generator.normal(100, 20, 50), generator.normal(100, 20, 50).astype(np.float32)
    assert metrics.regression(truth, said) == pytest.approx(
        {
            "rmse": peer.root_mean_squared_error(truth, said),
            "mae": peer.mean_absolute_error(truth, said),
            "r2": peer.r2_score(truth, said),
        }
    )


@pytest.mark.parametrize(("said", "r2"), [([3.0, 3.0], 1), ([3.0, 2.0], 0)])
def test_a_target_that_never_changes_has_an_r2(said: list[float], r2: float) -> None:
    assert metrics.regression(np.array([3.0, 3.0]), np.array(said))["r2"] == r2


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("never", [False, True])
def test_those_of_two_labels_are_what_scikit_learn_says(seed: int, never: bool) -> None:  # noqa: FBT001
    """With scores that are often the same; and with a model that never says the positive label."""
    generator = np.random.default_rng(seed)
    truth = np.array([0, 1, *generator.integers(0, 2, 40)])
    scores = np.round(generator.random(42), 1).astype(np.float32) * (0.4 if never else 1)
    said = (scores > 0.5).astype(np.int32)
    assert metrics.binary(truth, said, scores) == pytest.approx(
        {
            "accuracy": peer.accuracy_score(truth, said),
            "precision": peer.precision_score(truth, said, zero_division=0),
            "recall": peer.recall_score(truth, said, zero_division=0),
            "f1": peer.f1_score(truth, said, zero_division=0),
            "auc": peer.roc_auc_score(truth, scores),
        }
    )


@pytest.mark.parametrize("seed", range(5))
def test_those_of_more_labels_are_what_scikit_learn_says(seed: int) -> None:
    """One label is only said, one is only true, and one is neither."""
    generator = np.random.default_rng(seed)
    truth, said = np.array([3, *generator.integers(0, 3, 40)]), np.array([4, *generator.integers(0, 3, 40)])
    with warnings.catch_warnings(action="ignore"):
        expected = {
            "accuracy": peer.accuracy_score(truth, said),
            "f1_macro": peer.f1_score(truth, said, average="macro", zero_division=0),
            "f1_weighted": peer.f1_score(truth, said, average="weighted", zero_division=0),
        }
    assert metrics.multiclass(truth, said, list("abcdef")) == pytest.approx(expected)
