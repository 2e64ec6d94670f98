"""An execution, as it is followed and redriven."""

from typing import Any

from penstock.run import executing
from penstock.run.execution import Execution


class States:
    """A client of Step Functions for one execution, which goes on with each look at its history."""

    def __init__(self, *looks: list[dict[str, Any]]) -> None:
        self.looks = list(looks)
        self.redriven: list[str] = []

    def get_paginator(self, _name: str) -> "States":
        return self

    def paginate(self, **_arguments: str) -> list[dict[str, Any]]:
        return [{"events": self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]}]

    def redrive_execution(self, executionArn: str) -> None:  # noqa: N803
        self.redriven.append(executionArn)

    def describe_execution(self, **_arguments: str) -> dict[str, Any]:
        return {"name": "7c1f09ab", "redriveCount": 1}


def test_states_are_told_as_they_start_and_end(event: Any, visit: Any) -> None:
    caught = event("LambdaFunctionFailed", 30, lambdaFunctionFailedEventDetails={"error": "SmokeTestFailed"})
    events = [
        *visit("Smoke test", 0, 60, caught),
        event("FailStateEntered", 60, stateEnteredEventDetails={"name": "End"}),
        event("ExecutionFailed", 120, executionFailedEventDetails={"error": "E", "cause": "C"}),
    ]
    run = Execution("arn", "name", speed=60)
    told = [(state.name, state.status) for state in executing.follow(States(events[:2], events), run)]
    assert told == [("Smoke test", "RUNNING"), ("Smoke test", "SUCCEEDED"), ("End", "RUNNING"), ("End", "FAILED")]
    assert [(state.name, state.seconds, state.caught) for state in run.states.values()] == [
        ("Smoke test", 1.0, "SmokeTestFailed"),
        ("End", 1.0, ""),
    ]
    assert (run.status, run.error, run.cause) == ("FAILED", "E", "C")


def test_a_redrive_goes_on_from_what_is_known(event: Any, visit: Any) -> None:
    before = [
        *visit("Prepare", 0, 1, run='"7c1f09ab"'),
        event("TaskStateEntered", 1, stateEnteredEventDetails={"name": "Train"}),
        event("ExecutionFailed", 2, executionFailedEventDetails={"error": "E"}),
    ]
    redriven = event("ExecutionRedriven", 3, executionRedrivenEventDetails={"redriveCount": 1})
    left = event("TaskStateExited", 5, stateExitedEventDetails={"name": "Train", "output": "{}"})
    after = [*before, redriven, left, event("ExecutionSucceeded", 5, executionSucceededEventDetails={"output": "{}"})]
    states = States(before, before, after)  # the history may be a look behind
    run = executing.redrive(states, "arn")
    assert (states.redriven, run.redrives, run.variables) == (["arn"], 1, {"run": "7c1f09ab"})
    assert [state.name for state in executing.follow(states, run)] == ["Train"]
    assert (run.status, run.output) == ("SUCCEEDED", {})
