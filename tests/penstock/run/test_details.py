from datetime import UTC, datetime
from typing import Any

import pytest

from penstock.run import details
from penstock.run.execution import Execution, State

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def state(name: str, output: Any, status: str = "SUCCEEDED") -> State:
    return State(name, "Task", NOW, status=status, output=output)


def run(*states: State, error: str = "") -> Execution:
    return Execution("arn", "name", {one.name: one for one in states}, error=error)


def metrics(**values: float) -> dict[str, Any]:
    return {"FinalMetricDataList": [{"MetricName": name, "Value": value} for name, value in values.items()]}


@pytest.mark.parametrize(
    ("name", "output", "shown"),
    [
        ("Prepare", {"Payload": {"data": "s3://bucket/p/runs/1/input/"}}, "data pinned at p/runs/1/input/"),
        (
            "Train",
            metrics(rmse=1043.72, mae=7, rows_train=7671, rows_test=852),
            "7 671 rows · rmse 1 043.7 (852 held out)",
        ),
        ("Train", metrics(accuracy=0.91234), "accuracy 0.912"),
        ("Train", {}, ""),
        ("Create model", {"ModelArn": "arn:aws:sagemaker:r:a:model/dev-p-1"}, "dev-p-1"),
        ("Smoke test", {"Payload": {"predictions": [1.5, 2000.0]}}, "2 rows, from 1.500 to 2 000.0"),
        ("Smoke test", {"Payload": {"predictions": ["yes", "no"]}}, "2 rows"),
        ("Publish", {"MessageId": "1"}, ""),
        ("Something else", {"a": 1}, ""),
        ("Train", None, ""),
    ],
)
def test_a_state_shows_the_figure_that_one_would_look_for(name: str, output: Any, shown: str) -> None:
    one = state(name, output)
    assert details.of(one, run(one)) == shown


def test_an_endpoint_shows_what_the_last_look_at_it_saw() -> None:
    made = state("Create endpoint", {"EndpointArn": "arn"})
    look = state("Describe endpoint", {"EndpointStatus": "InService", "EndpointConfigName": "dev-p-1"})
    assert details.of(made, run(made, look)) == "InService on dev-p-1"
    assert details.of(made, run(made)) == ""


def test_a_failed_state_shows_the_errors_name() -> None:
    failed = state("Train", None, status="FAILED")
    assert details.of(failed, run(failed, error="States.TaskFailed")) == "States.TaskFailed"
