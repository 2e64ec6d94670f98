from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from trainer import Train


def labelled(*labels: str) -> str:
    """Return 300 rows in which the size tells the label, but for one row in 25."""
    lines = ["size,colour,kind"]
    for number in range(300):
        label = labels[(number + (number % 25 == 0)) % len(labels)]
        lines.append(f"{number % len(labels)}.{number % 7},{('red', 'blue')[number % 2]},{label}")
    return "\n".join(lines) + "\n"


def test_binary(train: Train) -> None:
    outcome = train({"kinds.csv": labelled("no", "yes")}, target="kind", problem="binary", split_method="ordered")
    assert outcome.code == 0, outcome.log
    assert list(outcome.metrics)[:5] == ["accuracy", "precision", "recall", "f1", "auc"]
    assert outcome.metrics["accuracy"] == pytest.approx(29 / 30, abs=0.04)
    assert outcome.metrics["auc"] > 0.85


def test_multiclass_with_a_label_that_only_the_held_out_rows_have(train: Train) -> None:
    rows = labelled("small", "medium", "large") + "1.1,red,other\n" * 5
    outcome = train(
        {"kinds.csv": rows},
        target="kind",
        problem="multiclass",
        split_method="ordered",
        split_test="0.2",
        num_iterations="50",
        early_stopping_round="5",
    )
    assert outcome.code == 0, outcome.log
    assert outcome.manifest["labels"] == ["large", "medium", "small"]
    assert outcome.metrics["accuracy"] > 0.8
