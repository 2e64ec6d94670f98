from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from served import Server
    from trainer import Outcome, Train, Trainer


def labelled(*labels: str) -> str:
    """Return 300 rows in which the size tells the label, but for one row in 25."""
    lines = ["size,colour,kind"]
    for number in range(300):
        wrong = number % 25 == 0
        label = labels[(number + wrong) % len(labels)]
        lines.append(f"{number % len(labels)}.{number % 7},{('red', 'blue')[number % 2]},{label}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def multiclass(container: Trainer, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    base: Path = tmp_path_factory.mktemp("multiclass")
    files = {"kinds.csv": labelled("small", '"medium, rather"', "large")}
    return container.train(base, files, target="kind", problem="multiclass", split_method="ordered")


@pytest.fixture(scope="session")
def multiclass_server(container: Trainer, multiclass: Outcome) -> Iterator[Server]:
    with container.serve(multiclass.base) as running:
        yield running


def test_binary_metrics(train: Train) -> None:
    outcome = train({"kinds.csv": labelled("no", "yes")}, target="kind", problem="binary", split_method="ordered")
    assert outcome.code == 0
    assert list(outcome.metrics)[:5] == ["accuracy", "precision", "recall", "f1", "auc"]
    assert outcome.metrics["accuracy"] == pytest.approx(29 / 30)
    assert outcome.metrics["auc"] > 0.9
    assert outcome.manifest["labels"] == ["no", "yes"]


def test_the_last_of_two_labels_is_the_positive_one(train: Train) -> None:
    """The last row is a "no" that is taken for a "yes": that spoils the precision of "yes", and the recall of "no"."""
    rows = ["size,kind", *(f"{number % 4},{'yes' if number % 4 == 3 else 'no'}" for number in range(300))]
    rows[-1] = "3,no"
    outcome = train({"kinds.csv": "\n".join(rows)}, target="kind", problem="binary", split_method="ordered")
    assert outcome.metrics["recall"] == 1
    assert outcome.metrics["precision"] == pytest.approx(7 / 8)


def test_multiclass_metrics(multiclass: Outcome) -> None:
    assert multiclass.code == 0
    assert list(multiclass.metrics)[:3] == ["accuracy", "f1_macro", "f1_weighted"]
    assert multiclass.metrics["accuracy"] == pytest.approx(29 / 30)


def test_the_label_is_the_prediction(multiclass_server: Server) -> None:
    answer = multiclass_server.post("0.1,red\n1.1,red\n2.1,blue\n")
    assert answer.text == 'small\n"medium, rather"\nlarge\n'


def test_json_has_the_labels_probabilities_too(multiclass_server: Server) -> None:
    answer = json.loads(multiclass_server.post("0.1,red\n1.1,red\n", Accept="application/json").text)
    assert answer["predictions"] == ["small", "medium, rather"]
    assert answer["labels"] == ["large", "medium, rather", "small"]
    assert [row.index(max(row)) for row in answer["probabilities"]] == [2, 1]
    assert [sum(row) for row in answer["probabilities"]] == pytest.approx([1, 1], abs=1e-5)


def test_three_labels_are_not_binary(train: Train) -> None:
    outcome = train({"kinds.csv": labelled("a", "b", "c")}, target="kind", problem="binary")
    assert outcome.code == 1
    assert outcome.failure == (
        'Correct the target, or set problem to multiclass: binary is 2 labels, not "a", "b", "c".'
    )


def test_one_label_is_nothing_to_learn(train: Train) -> None:
    outcome = train({"kinds.csv": labelled("a")}, target="kind", problem="multiclass", split_method="random")
    assert outcome.code == 1
    assert outcome.failure == 'Add rows of other labels: the training part has only "a".'


def test_a_hold_out_of_one_label_gives_no_metric(train: Train) -> None:
    rows = labelled("no", "yes") + "1.1,red,yes\n" * 100
    outcome = train({"kinds.csv": rows}, target="kind", problem="binary", split_method="ordered")
    assert outcome.code == 1
    assert outcome.failure == 'Add rows, or change the split: all held-out rows are "yes".'
