from collections.abc import Callable
from pathlib import Path

import pytest

from penstock.spec import load_project

Mistakes = Callable[..., list[str]]
FILE = "pipelines/bigmart/pipeline.yaml"


def test_metric_and_bounds_must_fit_the_problem(mistakes: Mistakes) -> None:
    assert mistakes("problem: regression\n", "problem: binary\n") == [
        f'{FILE}:11:16  gate.metric: "rmse" is no metric of binary problems.',
        "    Those are: accuracy, precision, recall, f1, auc.",
        f"{FILE}:13:31  smoke_test.minimum: bounds are for regression problems.",
        "    Remove it.",
        f"{FILE}:13:43  smoke_test.maximum: bounds are for regression problems.",
        "    Remove it.",
    ]


@pytest.mark.parametrize("bounds", ["at_most: 1300, ", "at_least: 1, ", ""])
def test_champion_may_be_the_only_measure_or_beside_a_bound(project: Path, bounds: str) -> None:
    path = project / FILE
    gate = f"gate: {{metric: rmse, {bounds}versus_champion: {{no_worse_than_percent: -1.5}}}}"
    path.write_text(path.read_text().replace("gate: {metric: rmse, at_most: 1300}", gate))

    loaded = load_project(project).pipelines["bigmart"].gate

    assert loaded is not None
    assert loaded.versus_champion is not None
    assert loaded.versus_champion.no_worse_than_percent == -1.5


def test_metric_that_compares_with_a_target_needs_one(project: Path, mistakes: Mistakes) -> None:
    path = project / FILE
    path.write_text(
        "name: bigmart\nproblem: anomaly\ndata: {minimum_rows: 2}\ntrain: {container: forest}\n"
        "gate: {metric: anomaly_percent, at_most: 5}\nsmoke_test: {file: smoke.csv}\n"
    )
    assert load_project(project).pipelines["bigmart"].gate is not None

    assert mistakes("anomaly_percent", "auc") == [
        f'{FILE}:5:16  gate.metric: "auc" compares with a target, and data.target names none.',
        "    Name the column that has the truth, or another metric.",
    ]


@pytest.mark.parametrize("problem", ["binary", "anomaly"])
def test_threshold_of_a_score_is_for_problems_that_have_one(project: Path, problem: str) -> None:
    path = project / FILE
    path.write_text(
        f"name: bigmart\nproblem: {problem}\ndata: {{target: Sold}}\ntrain: {{container: forest}}\n"
        "evaluate: {positive_rate: 0.2}\nsmoke_test: {file: smoke.csv}\n"
    )

    assert load_project(project).pipelines["bigmart"].evaluate.positive_rate == 0.2
