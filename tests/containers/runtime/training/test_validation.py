from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from trainer import Train, Trainer

VALIDATION = "../validation/validation.csv"


def halves(data: str) -> tuple[str, str]:
    """Return 180 rows to learn from, and the last 20, with their columns in another order."""
    lines = data.splitlines()
    turned = [",".join(line.split(",")[::-1]) for line in [lines[0], *lines[181:]]]
    return "\n".join(lines[:181]) + "\n", "\n".join(turned) + "\n"


def test_the_validation_channel_is_what_a_model_is_judged_by(train: Train, data: str) -> None:
    learnt, judged = halves(data)
    outcome = train({"train.csv": learnt, VALIDATION: judged}, split_validation="0.1")
    assert outcome.code == 0, outcome.log
    assert "Rows: 180 to learn from, 20 to judge by." in outcome.log
    assert (outcome.metrics["rows_train"], outcome.metrics["rows_test"]) == (180, 20)


def test_it_is_the_same_model_as_with_these_rows_held_out(container: Trainer, train: Train, data: str) -> None:
    learnt, judged = halves(data)
    outcome = train({"train.csv": learnt, VALIDATION: judged})
    model, metrics = outcome.model, outcome.metrics
    for path in (outcome.base / "input/data").rglob("*.csv"):
        path.unlink()
    (outcome.base / "input/data/validation").rmdir()
    again = container.train(outcome.base, {"prices.csv": data}, split_method="ordered")
    assert again.model == model
    assert again.metrics == metrics


@pytest.mark.parametrize("told", [{"split_method": "none"}, {"split_validation": "0"}])
def test_without_rows_to_judge_by_there_is_no_metric(train: Train, data: str, told: dict[str, str]) -> None:
    outcome = train({"prices.csv": data}, **told)
    assert outcome.code == 0, outcome.log
    assert outcome.metrics == {"rows_train": 200}
    assert outcome.manifest["metrics"] == {}
    assert outcome.manifest["split"]["method"] == "none"


def test_rows_that_were_split_before_were_counted_before(train: Train, data: str) -> None:
    assert train({"prices.csv": data}, minimum_rows="1000", split_validation="0.1").code == 0
    assert train({"prices.csv": data}, minimum_rows="1000").code == 1


def test_a_validation_channel_with_other_columns(train: Train, data: str) -> None:
    outcome = train({"train.csv": data, VALIDATION: "size,price\n1,2\n"})
    assert outcome.failure == 'Give train and validation the same columns: they differ in "colour".'


def test_an_empty_validation_channel(train: Train, data: str) -> None:
    outcome = train({"train.csv": data, "../validation/rows.txt": "1"})
    assert outcome.failure == 'Give the validation channel a .csv file: it has "rows.txt".'
