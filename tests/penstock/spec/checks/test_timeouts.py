from collections.abc import Callable
from pathlib import Path

from penstock.spec import load_project

Mistakes = Callable[..., list[str]]
FILE = "pipelines/bigmart/pipeline.yaml"


def test_default_timeout_must_leave_time_after_training(mistakes: Mistakes) -> None:
    new = "max_runtime_minutes: 240\ngate: {metric: mae, at_most: 9}\nsmoke_test: {file: smoke.csv}\n"
    old = """instance_type: ml.m5.xlarge
gate: {metric: rmse, at_most: 1300}
deploy: {instance_type: ml.m5.large}
smoke_test: {file: smoke.csv, minimum: 0, maximum: 14000}
timeout_minutes: 180
"""

    assert mistakes(old, new) == [
        f"{FILE}:10:24  train.max_runtime_minutes: 240 minutes are not less than timeout_minutes, 180 by default.",
        "    Set a higher timeout_minutes, for the whole run.",
    ]


def test_only_the_longest_step_is_named_beside_a_timeout(project: Path, mistakes: Mistakes) -> None:
    path = project / FILE
    path.write_text(path.read_text() + "approval: manual\nevaluate: {max_runtime_minutes: 200}\n")

    assert mistakes("minutes: 180", "minutes: 190") == [
        f"{FILE}:14:18  timeout_minutes: 190 minutes are not more than approval allows, 4,320.",
        "    Leave time for the other states.",
    ]


def test_run_may_take_longer_than_an_approval(project: Path) -> None:
    path = project / FILE
    path.write_text(path.read_text().replace("minutes: 180", "minutes: 5000") + "approval: manual\n")

    assert load_project(project).pipelines["bigmart"].approval_timeout_hours == 72
