from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.containers.tabular.conftest import Csv, Tabular
    from tests.containers.tabular.evaluating.conftest import Evaluate

BINARY: dict[str, Any] = {"problem": "binary", "target": "label"}
SAYS: dict[str, Any] = {"says": "said", "scores": "score", "labels": ["no", "yes"]}


def test_a_model_alone(evaluate: Evaluate, priced: str) -> None:
    outcome = evaluate(priced, {"says": "good"})
    found = outcome.judged
    assert found["rows"] == 200
    assert list(found["metrics"]) == ["rmse", "mae", "mape", "r2", "mse"]
    assert (found["champion"], found["comparison"], found["score_threshold"]) == (None, None, None)
    assert found["not_compared"] == "there is no champion"
    section = outcome.json("evaluation.json")["regression_metrics"]
    assert section["rmse"]["value"] == found["metrics"]["rmse"]
    assert 0.1 < section["rmse"]["standard_deviation"] < 0.5  # of 200 normal errors: sigma / sqrt(2 * 200)
    assert re.search(r"200 rows: rmse [\d.]+, mae ", outcome.log)


def test_a_model_that_says_nothing_has_no_metric(evaluate: Evaluate, priced: str) -> None:
    outcome = evaluate(priced, {"says": "nothing"}, champion={"says": "good"})
    found = outcome.judged
    assert set(found["metrics"].values()) == {None}
    assert found["comparison"]["rmse"]["upper"] is None
    assert outcome.json("evaluation.json")["regression_metrics"]["rmse"] == {"value": None, "standard_deviation": None}
    assert "undefined" in (outcome.output / "report.html").read_text()


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ({"exit": 1}, "The model cannot be served: `serve` ended with exit code 1; see the log."),
        ({"says": "good", "status": 400}, 'The model answered 400: {"error": "nonono'),
        ({"says": "good", "most": 3}, "The model answered 200 rows with 3 predictions."),
    ],
)
def test_a_model_that_cannot_be_scored(evaluate: Evaluate, priced: str, model: dict[str, Any], message: str) -> None:
    outcome = evaluate(priced, model)
    assert outcome.code == 1
    assert outcome.message.startswith(message)
    assert not outcome.output.exists()


def test_an_answer_that_is_no_number(evaluate: Evaluate) -> None:
    outcome = evaluate("said,price\nmany,1\nfew,2\n", {"says": "said"})
    assert outcome.message == "The model's answer is no number: could not convert string to float: 'many'."


def test_a_score_that_is_no_number_flags_nothing(evaluate: Evaluate) -> None:
    outcome = evaluate("said\n1\nnan\n2\n", {"says": "said"}, problem="anomaly", target="")
    assert outcome.message == 'The model\'s answer to row 2 is no finite number: "nan".'


def test_labels_that_are_large_numbers(evaluate: Evaluate, csv_of: Csv) -> None:
    rows = csv_of(["said", "score", "label"], [("1234567", 0.9, "1234567"), ("7654321", 0.2, "7654321")] * 5)
    model = {"says": "said", "scores": "score", "labels": [1234567.0, 7654321.0]}
    found = evaluate(rows, model, problem="binary", target="label").judged["metrics"]
    assert (found["accuracy"], found["auc"]) == (1, 0)


def test_binary_metrics(evaluate: Evaluate, labelled: str) -> None:
    outcome = evaluate(labelled, SAYS, **BINARY)
    assert list(outcome.judged["metrics"]) == ["accuracy", "precision", "recall", "f1", "auc"]
    section = outcome.json("evaluation.json")["binary_classification_metrics"]
    matrix = section["confusion_matrix"]
    said = matrix["no"]["yes"] + matrix["yes"]["yes"]
    assert section["precision"]["value"] == pytest.approx(matrix["yes"]["yes"] / said)
    assert section["true_positive_rate"]["value"] == section["recall"]["value"]
    assert section["receiver_operating_characteristic_curve"]["true_positive_rates"][-1] == 1


def test_without_scores_there_is_no_area(evaluate: Evaluate, labelled: str) -> None:
    assert "auc" not in evaluate(labelled, {"says": "never"}, **BINARY).judged["metrics"]


def test_the_threshold_for_a_wanted_share(evaluate: Evaluate, labelled: str) -> None:
    threshold = evaluate(labelled, SAYS, evaluate={"positive_rate": 0.1}, **BINARY).judged["score_threshold"]
    rows = [line.split(",") for line in labelled.splitlines()[1:]]
    flagged = [row for row in rows if float(row[2]) >= threshold["threshold"]]
    assert len(flagged) == 20
    assert threshold["positive_rate"] == 0.1
    assert threshold["precision"] == sum(row[4] == "yes" for row in flagged) / 20


def test_labels_that_are_not_two(evaluate: Evaluate, csv_of: Csv) -> None:
    rows = csv_of(["said", "price"], [("yes", "no"), ("maybe", "yes")])
    assert evaluate(rows, {"says": "said"}, problem="binary").message == (
        'The model answered "maybe", and the labels are "no", "yes".'
    )
    rows = csv_of(["said", "price"], [("yes", "yes")] * 3)
    assert "a binary problem is judged by 2" in evaluate(rows, {"says": "said"}, problem="binary").message


def test_multiclass_metrics(evaluate: Evaluate, csv_of: Csv) -> None:
    rows = csv_of(["said", "kind"], [("a", "a"), ("b", "b, c"), ("b, c", "b, c"), ("a", "a")] * 20)
    outcome = evaluate(rows, {"says": "said"}, problem="multiclass", target="kind")
    assert list(outcome.judged["metrics"]) == ["accuracy", "f1_macro", "f1_weighted"]
    assert outcome.judged["metrics"]["accuracy"] == 0.75
    section = outcome.json("evaluation.json")["multiclass_classification_metrics"]
    assert section["confusion_matrix"]["b, c"] == {"a": 0, "b": 20, "b, c": 20}


def test_clusters(evaluate: Evaluate, csv_of: Csv) -> None:
    rows = [(number % 2 * 100 + number / 50, number % 2, ("x", "y")[number % 2]) for number in range(80)]
    data = csv_of(["place", "cluster", "kind"], rows)
    columns: Any = {"columns": '{"place": "number", "cluster": "category"}'}
    outcome = evaluate(data, {"says": "cluster"}, problem="clustering", target="kind", **columns)
    assert outcome.judged["metrics"]["silhouette"] > 0.95
    assert outcome.judged["metrics"]["purity"] == outcome.judged["metrics"]["nmi"] == 1
    assert outcome.json("evaluation.json")["clustering_metrics"]["cluster_sizes"] == {"0": 40, "1": 40}
    alone = evaluate(data, {"says": "cluster"}, problem="clustering", target="")
    assert list(alone.judged["metrics"]) == ["silhouette", "davies_bouldin"]


def test_anomalies(evaluate: Evaluate, csv_of: Csv) -> None:
    rows = [(1000 if number == 7 else number % 5, ("", "0", "1")[(number % 2) + (number == 7)]) for number in range(80)]
    data = csv_of(["score", "odd"], rows)
    columns: Any = {"columns": '{"score": "number"}'}
    found = evaluate(data, {"says": "score"}, problem="anomaly", target="odd", **columns).judged
    assert found["metrics"] == {"anomaly_percent": 1.25, "auc": 1, "precision": 1, "recall": 1, "f1": 1}
    alone = evaluate(data, {"says": "score"}, problem="anomaly", target="", **columns).judged
    assert alone["metrics"] == {"anomaly_percent": 1.25}


def test_the_model_is_sent_its_columns_and_no_target_in_batches(evaluate: Evaluate, csv_of: Csv) -> None:
    rows = csv_of(["extra", "said", "price", "text"], [("x" * 300, row, row, "y" * 300) for row in range(4000)])
    outcome = evaluate(rows, {"says": "said"})
    batches = [int(found) for found in re.findall(r"batch of (\d+) rows of extra,said,text\n", outcome.log)]
    assert sum(batches) == 4000
    assert len(batches) == 3
    declared: Any = {"columns": '{"text": "category", "said": "number"}'}
    assert "rows of text,said\n" in evaluate(rows, {"says": "said"}, **declared).log


def test_no_archive(evaluate: Evaluate, priced: str, tabular: Tabular, tmp_path: Path, image: Path) -> None:
    settings = {"hyperparameters": {"problem": "regression", "target": "price"}}
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    (tmp_path / "rows.csv").write_text(priced)
    arguments = [f"--{name}" for name in ("model", "test", "settings", "output")]
    command = ["evaluate", *(word for name in arguments for word in (name, str(tmp_path)))]
    assert tabular.command(tmp_path, command, image).message.startswith(
        "The model cannot be unpacked from model.tar.gz: "
    )
    assert tabular.command(tmp_path, command).message == "The model's image has no program named `serve` on its PATH."
