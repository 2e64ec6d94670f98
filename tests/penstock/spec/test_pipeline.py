from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from penstock.spec import load_project

FILE = "pipelines/bigmart/pipeline.yaml:"


def _cases() -> list[tuple[str, str, list[str]]]:
    blocks = Path(__file__).with_name("pipeline_mistakes.txt").read_text().strip().split("\n\n")
    cases = []
    for block in blocks[1:]:
        lines = {sign: [line[1:] for line in block.split("\n") if line[0] == sign] for sign in "-+ "}
        old, new = ("".join(f"{line}\n" for line in lines[sign]) for sign in "-+")
        cases.append((old, new, [line[1:] for line in lines[" "]]))
    return cases


@pytest.mark.parametrize(("old", "new", "expected"), _cases())
def test_mistake_is_told(mistakes: Callable[..., list[str]], old: str, new: str, expected: list[str]) -> None:
    assert [line.removeprefix(FILE) for line in mistakes(old, new)] == expected


def test_values_are_as_they_are_written(project: Path) -> None:
    pipeline = load_project(project).pipelines["bigmart"]

    assert pipeline.train.hyperparameters == {"n_estimators": 100}
    assert pipeline.data.columns == {"Weight": "number", "Fat": "category"}
    assert pipeline.gate is not None
    assert (pipeline.gate.metric, pipeline.gate.at_most, pipeline.gate.at_least) == ("rmse", 1300, None)


def test_defaults_fill_what_is_not_given(project: Path) -> None:
    (project / "pipelines/bigmart/pipeline.yaml").write_text(
        "name: bigmart\nproblem: binary\ndata: {target: Sold}\ntrain: {container: forest}\n"
        "smoke_test: {file: smoke.csv}\n"
    )

    pipeline = load_project(project).pipelines["bigmart"]

    assert (pipeline.data.columns, pipeline.data.split.method, pipeline.data.split.test) == (None, "hash", 0.1)
    assert (pipeline.gate, pipeline.alarms.latency_p99_ms, pipeline.timeout_minutes) == (None, 200, 180)
    assert (pipeline.train.instance_type, pipeline.deploy.instance_type) == ("ml.m5.xlarge", "ml.m5.large")


def test_pipeline_knows_its_folder_and_smoke_rows(project: Path) -> None:
    pipeline = load_project(project).pipelines["bigmart"]

    assert pipeline.folder == project / "pipelines/bigmart"
    assert pipeline.smoke_rows == ("Weight,Fat", "9.3,Low", "5.92,Regular")


def test_pipeline_is_frozen(project: Path) -> None:
    pipeline = load_project(project).pipelines["bigmart"]

    with pytest.raises(ValidationError, match="frozen"):
        pipeline.name = "other"
