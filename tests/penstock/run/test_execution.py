"""An execution, as its history and its cause tell of it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from penstock.run import execution
from penstock.run.execution import Execution, reason

NOW = datetime(2026, 1, 1, tzinfo=UTC)
JOB = {"TrainingJobName": "dev-p-1", "TrainingJobStatus": "Stopped", "SecondaryStatus": "Stopped"}


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("plain", "plain"),
        ("[1]", "[1]"),
        (json.dumps({"errorMessage": "no data", "stackTrace": []}), "no data"),
        (json.dumps(JOB | {"FailureReason": "it broke"}), "it broke"),
        (json.dumps(JOB), "training job dev-p-1 was stopped"),
        (
            json.dumps(JOB | {"SecondaryStatus": "MaxRuntimeExceeded"}),
            "training job dev-p-1 was stopped (MaxRuntimeExceeded)",
        ),
        (json.dumps({"TransformJobName": "t", "TransformJobStatus": "Failed"}), "transform job t ended Failed"),
        (json.dumps({"other": 1}), '{"other": 1}'),
        ("Busy. (Service: SageMaker; Status Code: 400; Error Code: E; Request ID: 1; Proxy: null)", "Busy."),
        ("Busy (today). (Service: SageMaker, Status Code: 400, Request ID: 1)", "Busy (today)."),
    ],
)
def test_a_cause_is_told_in_a_sentence(cause: str, said: str) -> None:
    assert reason(cause) == said


class States:
    """A client of Step Functions for one execution that has ended."""

    def __init__(self, *events: dict[str, Any]) -> None:
        self.events = list(events)

    def get_paginator(self, _name: str) -> "States":
        return self

    def paginate(self, **_arguments: str) -> list[dict[str, Any]]:
        return [{"events": self.events}]

    def describe_execution(self, **_arguments: str) -> dict[str, Any]:
        return {"status": "SUCCEEDED", "stopDate": self.events[-1]["timestamp"], "output": "{}"}


def event(kind: str, seconds: float, **details: Any) -> dict[str, Any]:
    return {"type": kind, "timestamp": NOW + timedelta(seconds=seconds), **details}


def test_seconds_are_those_of_this_machine_and_a_caught_error_is_known() -> None:
    states = States(
        event("TaskStateEntered", 0, stateEnteredEventDetails={"name": "Smoke test"}),
        event("LambdaFunctionFailed", 30, lambdaFunctionFailedEventDetails={"error": "SmokeTestFailed"}),
        event("TaskStateExited", 60, stateExitedEventDetails={"name": "Smoke test", "output": "null"}),
        event("SucceedStateEntered", 60, stateEnteredEventDetails={"name": "End"}),
        event("ExecutionSucceeded", 120),
    )
    run = Execution("arn", "name", speed=60)
    list(execution.follow(states, run))
    assert [(state.name, state.seconds, state.caught) for state in run.states.values()] == [
        ("Smoke test", 1.0, "SmokeTestFailed"),
        ("End", 1.0, ""),
    ]
