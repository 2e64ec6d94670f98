from collections.abc import Callable
from pathlib import Path

import pytest

from penstock.spec import load_project

Mistakes = Callable[..., list[str]]
FILE = "pipelines/bigmart/pipeline.yaml"


def test_columns_longer_than_a_hyperparameter_are_refused(mistakes: Mistakes) -> None:
    columns = ", ".join(f"column_{number}: number" for number in range(150))

    assert mistakes("{Weight: number, Fat: category}", f"{{{columns}}}") == [
        f"{FILE}:5:12  data.columns: 3,191 characters as JSON; SageMaker passes at most 2,500 to a container.",
        "    Name fewer columns.",
    ]


@pytest.mark.parametrize("problem", ["clustering", "anomaly"])
def test_what_is_learnt_without_a_target_needs_none(project: Path, problem: str) -> None:
    path = project / FILE
    path.write_text(
        f"name: bigmart\nproblem: {problem}\ndata: {{minimum_rows: 2}}\ntrain: {{container: forest}}\n"
        "smoke_test: {file: smoke.csv}\n"
    )

    assert load_project(project).pipelines["bigmart"].data.target is None


def test_target_without_a_value_is_told_once(mistakes: Mistakes) -> None:
    assert mistakes("  target: Sales\n", "  target:\n") == [
        f"{FILE}:4:3  data.target: nothing is given.",
        "    Give a value, or remove the key.",
    ]


def test_target_may_be_checked_like_a_column(project: Path) -> None:
    path = project / FILE
    path.write_text(path.read_text() + "check: {columns: {Sales: {minimum: 0}, Fat: {new_values: refuse}}}\n")

    assert list(load_project(project).pipelines["bigmart"].check.columns) == ["Sales", "Fat"]


def test_columns_that_are_not_declared_may_be_checked_in_any_way(project: Path) -> None:
    path = project / FILE
    path.write_text(
        path.read_text().replace("  columns: {Weight: number, Fat: category}\n", "")
        + "check: {columns: {Height: {minimum: 0, values: [1]}}}\n"
    )

    assert load_project(project).pipelines["bigmart"].check.columns["Height"].values == (1,)
