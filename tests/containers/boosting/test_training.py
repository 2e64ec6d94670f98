from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

import pytest

from trainer import prices

if TYPE_CHECKING:
    from trainer import Outcome, Train


def trees(outcome: Outcome) -> int:
    return outcome.model["model.txt"].count(b"\nTree=")


def test_a_regression(trained: Outcome) -> None:
    assert trained.code == 0, trained.log
    assert list(trained.metrics) == ["rmse", "mae", "r2", "rows_train", "rows_test"]
    assert trained.metrics["rmse"] < 60
    assert trained.metrics["r2"] > 0.7
    assert trees(trained) == 100


def test_the_model_is_text_and_json_with_hashes(trained: Outcome) -> None:
    assert sorted(trained.model) == ["categories.json", "model.txt"]
    assert json.loads(trained.model["categories.json"]) == [["blue", "red"]]
    assert trained.model["model.txt"].startswith(b"tree\nversion=v4\n")
    assert trained.manifest["files"] == {
        name: hashlib.sha256(content).hexdigest() for name, content in trained.model.items()
    }
    assert trained.manifest["versions"]["lightgbm"] == "4.7.0"


def test_the_category_is_one_to_lightgbm(trained: Outcome) -> None:
    """By its bit set: red and blue have no order, and the information on the column is a list of codes."""
    text = trained.model["model.txt"].decode()
    assert re.search(r"^num_cat=[1-9]", text, re.MULTILINE)
    assert re.search(r"^feature_infos=\[.*\] (-1:)?[01]:[01]$", text, re.MULTILINE)


def test_the_same_data_give_the_same_bytes(trained: Outcome, train: Train) -> None:
    again = train({"prices.csv": prices()}, split_method="ordered")
    assert (again.model, again.manifest) == (trained.model, trained.manifest)


def test_the_number_of_threads_does_not_tell_in_the_model(train: Train) -> None:
    files = {"prices.csv": prices()}
    one = train(files, num_iterations="5").model
    assert train(files, num_iterations="5", num_threads="2").model == one


def test_another_seed_draws_other_columns(train: Train) -> None:
    one = train({"prices.csv": prices()}, feature_fraction="0.5", seed="1").model
    two = train({"prices.csv": prices()}, feature_fraction="0.5", seed="2").model
    assert one != two


def test_what_is_held_out_is_not_learnt_from(trained: Outcome, train: Train) -> None:
    lines = prices().splitlines()
    spoilt = [f"99999,green,{line.split(',')[2]}" for line in lines[-20:]]
    outcome = train({"prices.csv": "\n".join(lines[:-20] + spoilt)}, split_method="ordered")
    assert outcome.model == trained.model


@pytest.mark.parametrize("columns", ['{"size": "number"}', '{"colour": "category"}'])
def test_columns_of_one_kind_alone(train: Train, columns: str) -> None:
    assert train({"prices.csv": prices()}, columns=columns).code == 0


def test_columns_that_say_nothing_give_the_mean(train: Train) -> None:
    rows = "".join(f"1,red,{number % 5}\n" for number in range(100))
    outcome = train({"prices.csv": f"size,colour,price\n{rows}"}, split_method="random")
    assert outcome.code == 0, outcome.log
    assert trees(outcome) == 1
    assert outcome.metrics["rmse"] == pytest.approx(2**0.5, abs=0.5)


def test_early_stopping_keeps_the_rounds_up_to_the_best(train: Train) -> None:
    files = {"prices.csv": prices()}
    outcome = train(files, early_stopping_round="3", learning_rate="0.9", num_iterations="500")
    assert outcome.code == 0, outcome.log
    assert 1 <= trees(outcome) < 100
    whole = train(files, learning_rate="0.9", num_iterations=str(trees(outcome)))
    assert whole.model == outcome.model
    longer = train(files, learning_rate="0.9", num_iterations=str(trees(outcome) + 3))
    assert longer.metrics["rmse"] >= whole.metrics["rmse"]


def test_early_stopping_needs_rows_to_judge_by(train: Train) -> None:
    outcome = train({"prices.csv": prices()}, early_stopping_round="3", split_method="none")
    assert outcome.code == 1
    assert outcome.failure.startswith("Leave early_stopping_round out, or hold rows out: ")


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("num_iterations", "0", "a whole number from 1"),
        ("num_leaves", "1", "a whole number from 2 to 131072"),
        ("feature_fraction", "0", "a share of the columns above 0, at most 1"),
        ("lambda_l2", "-1", "a number from 0 to 10000"),
        ("seed", "2147483648", "a whole number from 0 to 2147483647"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(train: Train, name: str, value: str, allowed: str) -> None:
    outcome = train({"prices.csv": prices()}, **{name: value})
    assert outcome.code == 1
    assert outcome.failure.startswith(f'Correct the hyperparameters: {name} is "{value}"; allowed: {allowed}')
