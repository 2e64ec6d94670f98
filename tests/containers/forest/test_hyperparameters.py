from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from trainer import Train


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("algorithm", "trees", "forest, boosting"),
        ("n_estimators", "0", "a whole number from 1"),
        ("min_samples_leaf", "2.5", "a whole number from 1"),
        ("max_features", "1.5", "sqrt, log2 or a share of the columns above 0, at most 1"),
        ("max_depth", "-1", "a whole number from 1"),
        ("learning_rate", "0", "a number from 0.0001 to 1"),
        ("seed", "4294967296", "a whole number from 0 to 4294967295"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(
    train: Train, data: str, name: str, value: str, allowed: str
) -> None:
    outcome = train({"prices.csv": data}, **{name: value})
    assert outcome.code == 1
    assert outcome.failure.startswith(f'Correct the hyperparameters: {name} is "{value}"; allowed: {allowed}')


def test_a_learning_rate_is_for_boosting(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data}, learning_rate="0.1")
    assert outcome.failure == "Set algorithm to boosting, or leave learning_rate out: a forest has none."
