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


class Machine:
    """A client of Step Functions for one machine, whose executions are by name RUNNING or ended."""

    class exceptions:  # noqa: N801  as boto3 has it
        class ExecutionAlreadyExists(Exception): ...  # noqa: N818

        class ExecutionDoesNotExist(Exception): ...  # noqa: N818

    def __init__(self) -> None:
        self.statuses: dict[str, str] = {}

    def describe_state_machine(self, **_arguments: str) -> dict[str, Any]:
        return {"definition": "{}"}

    def describe_execution(self, executionArn: str) -> dict[str, Any]:  # noqa: N803
        if executionArn not in self.statuses:
            raise self.exceptions.ExecutionDoesNotExist
        return {"status": self.statuses[executionArn]}

    def start_execution(self, name: str, **_arguments: str) -> dict[str, Any]:
        arn = f"arn:aws:states:us-east-1:123456789012:execution:dev-bigmart:{name}"
        if self.statuses.setdefault(arn, "RUNNING") != "RUNNING":
            raise self.exceptions.ExecutionAlreadyExists
        return {"executionArn": arn}


def test_a_run_that_is_under_way_is_joined_and_one_that_has_ended_is_made_again() -> None:
    machine, arn = Machine(), "arn:aws:states:us-east-1:123456789012:stateMachine:dev-bigmart"
    first, second = (executing.start(machine, arn, {"data": "s3://d/"}, "hash") for _ in range(2))
    assert (first.name, first.joined, second.joined) == (second.name, False, True)
    machine.statuses[first.arn] = "FAILED"
    third = executing.start(machine, arn, {"data": "s3://d/"}, "hash")
    assert (third.name != first.name, third.joined) == (True, False)


def test_a_redrive_goes_on_from_what_is_known(event: Any, visit: Any) -> None:
    before = [
        *visit("Prepare", 0, 1, run='"7c1f09ab"'),
        event("TaskStateEntered", 1, stateEnteredEventDetails={"name": "Train"}),
        event("ExecutionFailed", 2, executionFailedEventDetails={"error": "E"}),
    ]
    redriven = event("ExecutionRedriven", 3, executionRedrivenEventDetails={"redriveCount": 1})
    left = event("TaskStateExited", 5, stateExitedEventDetails={"name": "Train", "output": "{}"})
    after = [*before, redriven, left, event("ExecutionSucceeded", 5, executionSucceededEventDetails={"output": "{}"})]
    states = States(before, after)  # the history may be a look behind
    run = executing.redrive(states, "arn", before)
    assert (states.redriven, run.redrives, run.variables) == (["arn"], 1, {"run": "7c1f09ab"})
    assert [state.name for state in executing.follow(states, run)] == ["Train"]
    assert (run.status, run.output) == ("SUCCEEDED", {})
