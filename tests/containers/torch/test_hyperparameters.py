from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trainer import prices

if TYPE_CHECKING:
    from trainer import Train


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("epochs", "0", "a whole number from 1"),
        ("patience", "0", "a whole number from 1"),
        ("batch_size", "0", "a whole number from 1"),
        ("learning_rate", "0", "a number from 0.000001 to 1"),
        ("weight_decay", "2", "a number from 0 to 1"),
        ("hidden_layers", "17", "a whole number from 0 to 16"),
        ("hidden_units", "0", "a whole number from 1 to 8192"),
        ("dropout", "1", "a number from 0 to 0.9"),
        ("seed", "-1", "a whole number from 0 to 4294967295"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(train: Train, name: str, value: str, allowed: str) -> None:
    outcome = train({"prices.csv": prices()}, **{name: value})
    assert outcome.code == 1
    assert outcome.failure == f'Correct the hyperparameters: {name} is "{value}"; allowed: {allowed}.'
