from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.containers.forest.test_classification import labelled

if TYPE_CHECKING:
    from trainer import Train, Trainer


def test_it_learns_numbers(train: Train, data: str) -> None:
    options = {"algorithm": "boosting", "split_method": "ordered", "min_samples_leaf": "1"}
    first, many = (train({"prices.csv": data}, n_estimators=count, **options) for count in ("1", "200"))
    assert many.manifest["hyperparameters"]["algorithm"] == "boosting"
    assert many.metrics["rmse"] < 0.5 * first.metrics["rmse"]
    assert many.metrics["r2"] > 0.7


@pytest.mark.parametrize(("problem", "labels"), [("binary", ["no", "yes"]), ("multiclass", ["a", "b", "c", "d"])])
def test_it_learns_labels(train: Train, problem: str, labels: list[str]) -> None:
    options = {"algorithm": "boosting", "split_method": "ordered", "target": "kind", "n_estimators": "30"}
    outcome = train({"kinds.csv": labelled(*labels)}, problem=problem, **options)
    assert outcome.manifest["labels"] == labels
    assert outcome.metrics["accuracy"] == pytest.approx(29 / 30)


def test_a_lower_learning_rate_learns_more_slowly(train: Train, data: str) -> None:
    options = {"algorithm": "boosting", "split_method": "ordered", "n_estimators": "20"}
    slow, fast = (train({"prices.csv": data}, learning_rate=rate, **options) for rate in ("0.01", "0.5"))
    assert slow.metrics["rmse"] > fast.metrics["rmse"]


def test_its_model_is_served_as_the_forests(container: Trainer, train: Train) -> None:
    options = {"algorithm": "boosting", "target": "kind", "problem": "binary", "split_method": "ordered"}
    outcome = train({"kinds.csv": labelled("no", "yes")}, **options)
    with container.serve(outcome.base) as server:
        assert server.post("0.1,red\n1.1,blue\n,green\n").text.splitlines()[:2] == ["no", "yes"]
