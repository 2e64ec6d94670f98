from collections.abc import Callable
from pathlib import Path

import pytest

from penstock.spec import load_project

Mistakes = Callable[..., list[str]]
FILE = "pipelines/bigmart/pipeline.yaml"
TIMEOUT = "timeout_minutes: 180"


def test_jobs_need_a_validation_part(project: Path, mistakes: Mistakes) -> None:
    path = project / FILE
    path.write_text(path.read_text().replace("  minimum_rows: 1000\n", "  split: {validation: 0}\n"))

    assert mistakes(TIMEOUT, "tune: {ranges: {kind: {type: categorical, values: [a]}}}") == [
        f"{FILE}:14:1  tune: without a validation part there is nothing to compare the jobs on.",
        "    Give data.split.validation a share of the rows.",
    ]


def test_sagemaker_searches_30_ranges(mistakes: Mistakes) -> None:
    ranges = ", ".join(f"x{number}: {{type: integer, minimum: 1, maximum: 9}}" for number in range(31))

    assert mistakes(TIMEOUT, f"tune: {{ranges: {{{ranges}}}}}") == [
        f"{FILE}:14:16  tune.ranges: 31 of them; at most 30 are allowed."
    ]


def test_sagemaker_tries_750_combinations(mistakes: Mistakes) -> None:
    values = ", ".join(str(number) for number in range(30))
    ranges = ", ".join(f"{name}: {{type: categorical, values: [{values}]}}" for name in "ab")

    assert mistakes(TIMEOUT, f"tune: {{strategy: grid, ranges: {{{ranges}}}}}") == [
        f"{FILE}:14:32  tune.ranges: 900 combinations; SageMaker tries at most 750.",
        "    Name fewer values, or choose another strategy.",
    ]


def test_categories_are_short(mistakes: Mistakes) -> None:
    assert mistakes(TIMEOUT, f"tune: {{ranges: {{kind: {{type: categorical, values: [{'a' * 257}]}}}}}}") == [
        f"{FILE}:14:52  tune.ranges.kind.values[0]: 257 characters; SageMaker takes at most 256.",
        "    Shorten it.",
    ]


def test_numbers_stay_as_they_are_written(project: Path) -> None:
    path = project / FILE
    path.write_text(
        path.read_text() + "tune:\n  ranges:\n    depth: {type: integer, minimum: 1, maximum: 9, scale: logarithmic}\n"
        "    rate: {type: continuous, minimum: 0, maximum: 0.9, scale: reverse_logarithmic}\n"
    )

    tune = load_project(project).pipelines["bigmart"].tune

    assert tune is not None
    bounds = [(one.minimum, one.maximum) for one in tune.ranges.values()]
    assert [[type(bound) for bound in pair] for pair in bounds] == [[int, int], [int, float]]
    assert bounds == [(1, 9), (0, 0.9)]


@pytest.mark.parametrize("jobs", ["", "max_parallel_jobs: 20, "])
def test_grid_has_as_many_jobs_as_combinations(project: Path, jobs: str) -> None:
    path = project / FILE
    path.write_text(
        path.read_text() + f"tune: {{strategy: grid, {jobs}ranges: {{a: {{type: categorical, values: [1]}}}}}}\n"
    )

    assert load_project(project).pipelines["bigmart"].tune is not None


def test_warm_start_is_from_jobs(project: Path) -> None:
    path = project / FILE
    path.write_text(
        path.read_text() + "tune: {warm_start: {from: [a, b-1]}, ranges: {a: {type: categorical, values: [1]}}}\n"
    )

    tune = load_project(project).pipelines["bigmart"].tune

    assert tune is not None
    assert tune.warm_start is not None
    assert (tune.warm_start.from_, tune.warm_start.kind) == (("a", "b-1"), "transfer_learning")


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("", "tune.metric: the fewest anomalies are no sign of the best model, so there is no default."),
        ("metric: auc, ", 'tune.metric: "auc" compares with a target, and data.target names none.'),
        ("metric: rmse, ", 'tune.metric: "rmse" is no metric of anomaly problems.'),
    ],
)
def test_metric_of_anomalies_is_named(project: Path, mistakes: Mistakes, metric: str, expected: str) -> None:
    (project / FILE).write_text(
        "name: bigmart\nproblem: anomaly\ndata: {minimum_rows: 2}\ntrain: {container: forest}\n"
        "smoke_test: {file: smoke.csv}\ntimeout_minutes: 180\n"
    )

    message, _ = mistakes(TIMEOUT, f"tune: {{{metric}ranges: {{a: {{type: categorical, values: [1]}}}}}}")

    assert message.endswith(expected)
