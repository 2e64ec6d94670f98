from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from penstock.run import details
from penstock.run.execution import Execution, State
from penstock.spec.pipeline import Gate

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


def test_an_older_look_and_what_choices_and_waits_pass_on_of_it_do_not_count() -> None:
    old = {"EndpointStatus": "Updating", "EndpointConfigName": "dev-p-1"}
    new = {"EndpointStatus": "InService", "EndpointConfigName": "dev-p-2"}
    look = replace(state("Describe endpoint", new), entered=NOW + timedelta(seconds=5))
    later = [state("Describe endpoint again", old), state("Check endpoint", old), state("Wait for endpoint", old)]
    later[1].kind, later[2].kind = "Choice", "Wait"
    updated = state("Update endpoint", {"EndpointArn": "arn"})
    assert details.of(updated, run(look, updated, *later)) == "InService on dev-p-2"


@pytest.mark.parametrize(
    ("gate", "status", "shown"),
    [
        (Gate(metric="rmse", at_most=1300), "SUCCEEDED", "rmse 1 103.2, at most 1 300"),
        (Gate(metric="rmse", at_most=100), "FAILED", "rmse 1 103.2, at most 100: rejected"),
        (Gate(metric="accuracy", at_least=0.95), "FAILED", "accuracy not reported, at least 0.95: rejected"),
    ],
)
def test_a_gate_shows_the_metric_and_the_bound(gate: Gate, status: str, shown: str) -> None:
    judged = state("Gate", None, status)
    assert details.of(judged, run(state("Train", metrics(rmse=1103.2345)), judged), gate) == shown


def test_a_failed_state_shows_the_errors_name() -> None:
    failed = state("Train", None, status="FAILED")
    assert details.of(failed, run(failed, error="States.TaskFailed")) == "States.TaskFailed"
