from pathlib import Path

import pytest

from penstock.spec import load_project
from penstock.spec.metrics import (
    DIRECTIONS,
    METRICS,
    OUR_HYPERPARAMETERS,
    as_text,
    training_hyperparameters,
    tuning_metric,
)


def test_container_is_told_what_to_learn(project: Path) -> None:
    assert training_hyperparameters(load_project(project).pipelines["bigmart"]) == {
        "problem": "regression",
        "target": "Sales",
        "columns": '{"Weight":"number","Fat":"category"}',
        "minimum_rows": "1000",
        "split_method": "hash",
        "split_validation": "0.1",
        "split_test": "0.1",
        "split_seed": "0",
        "n_estimators": "100",
    }


def test_split_key_is_passed_where_there_is_one_and_columns_only_if_given(project: Path) -> None:
    path = project / "pipelines/bigmart/pipeline.yaml"
    path.write_text(
        path.read_text().replace("  columns: {Weight: number, Fat: category}\n", "  split: {key: [Store, Größe]}\n")
    )

    passed = training_hyperparameters(load_project(project).pipelines["bigmart"])

    assert passed["split_key"] == '["Store","Größe"]'
    assert "columns" not in passed


@pytest.mark.parametrize(
    ("value", "text"),
    [("a b", "a b"), ("", ""), (3, "3"), (0.5, "0.5"), (True, "true"), (False, "false"), (1e-7, "1e-07")],
)
def test_values_become_text(value: object, text: str) -> None:
    assert as_text(value) == text


def test_every_problem_has_a_primary_metric() -> None:
    assert {problem: metrics[0] for problem, metrics in METRICS.items()} == {
        "regression": "rmse",
        "binary": "accuracy",
        "multiclass": "accuracy",
        "clustering": "silhouette",
        "anomaly": "anomaly_percent",
    }


def test_errors_are_minimised_and_what_is_right_is_maximised() -> None:
    minimised = {metric for metric, direction in DIRECTIONS.items() if direction == "minimise"}

    assert minimised == {"rmse", "mae", "mape", "mse", "davies_bouldin", "anomaly_percent"}
    assert DIRECTIONS.keys() == {metric for metrics in METRICS.values() for metric in metrics}


@pytest.mark.parametrize(("chosen", "metric"), [("", "rmse"), ("metric: r2, ", "r2")])
def test_jobs_are_compared_by_the_chosen_metric_or_the_primary_one(project: Path, chosen: str, metric: str) -> None:
    path = project / "pipelines/bigmart/pipeline.yaml"
    path.write_text(path.read_text() + f"tune: {{{chosen}ranges: {{a: {{type: categorical, values: [1]}}}}}}\n")

    assert tuning_metric(load_project(project).pipelines["bigmart"]) == metric


def test_zero_and_false_are_passed(project: Path) -> None:
    path = project / "pipelines/bigmart/pipeline.yaml"
    path.write_text(path.read_text().replace("n_estimators: 100", "depth: 0, bootstrap: false, note: ''"))

    passed = training_hyperparameters(load_project(project).pipelines["bigmart"])

    assert {name: value for name, value in passed.items() if name not in OUR_HYPERPARAMETERS} == {
        "depth": "0",
        "bootstrap": "false",
        "note": "",
    }
