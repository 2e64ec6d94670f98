from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from trainer import Train, Trainer


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("steps", "ten", "a whole number from 1"),
        ("steps", "0", "a whole number from 1"),
        ("steps", "2.5", "a whole number from 1"),
        ("steps", "-1", "a whole number from 1"),
        ("split_seed", "4294967296", "a whole number from 0 to 4294967295"),
        ("problem", "clustering", "regression, binary, multiclass"),
        ("target", "", "the name of the column to predict"),
        ("columns", '{"size": "text"}', "a JSON object such as"),
        ("minimum_rows", "1e3", "a whole number from 1"),
        ("split_method", "stratified", "hash, random, ordered"),
        ("split_test", "1", "a share above 0 and below 1"),
        ("split_test", "nan", "a share above 0 and below 1"),
        ("split_key", '"size"', "a JSON list of column names such as"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(
    train: Train, data: str, name: str, value: str, allowed: str
) -> None:
    outcome = train({"prices.csv": data}, **{name: value})
    assert outcome.code == 1
    assert outcome.failure.startswith(f"Correct the hyperparameters: {name} is")
    assert value.strip('"') in outcome.failure.replace("\\", "")
    assert f"allowed: {allowed}" in outcome.failure


def test_an_unknown_one_is_named_with_those_that_are_known(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data}, n_steps="100")
    assert outcome.code == 1
    assert outcome.failure.startswith("Correct the hyperparameters: n_steps is unknown; known: problem, target,")
    assert "steps" in outcome.failure


def test_what_a_tuning_job_adds_is_no_mistake(train: Train, data: str) -> None:
    assert train({"prices.csv": data}, _tuning_objective_metric="rmse").code == 0


def test_all_mistakes_are_told_at_once(train: Train, data: str) -> None:
    failure = train({"prices.csv": data}, n_steps="100", split_seed="x", steps="0").failure
    assert all(name in failure for name in ("n_steps", "split_seed is", " steps is"))


def test_a_value_that_is_not_text_is_refused(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data}, steps=10)  # type: ignore[arg-type]
    assert 'steps is "10"' in outcome.failure


def test_the_target_is_not_a_column_to_learn_from(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data}, columns='{"price": "number"}')
    assert outcome.code == 1
    assert outcome.failure.startswith('Take the target "price" out of `columns`')


def test_json_of_any_depth_is_no_crash(container: Trainer, train: Train, data: str, tmp_path: Path) -> None:
    deep = "[" * 100_000
    outcome = train({"prices.csv": data}, columns=deep)
    assert outcome.failure.startswith('Correct the hyperparameters: columns is "[[[')
    (tmp_path / "input/config/hyperparameters.json").write_text(deep)
    assert container.again(tmp_path).failure.startswith(
        "Write hyperparameters.json as a JSON object: maximum recursion"
    )
