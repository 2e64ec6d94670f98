"""An execution, as its history tells of it."""

import json
from typing import Any

import pytest

from penstock.run import events
from penstock.run.execution import Execution


def taken(*history: dict[str, Any]) -> Execution:
    return events.take_all(Execution("arn", "name"), history)


def test_variables_are_those_that_were_assigned_last(visit: Any) -> None:
    run = taken(*visit("A", 0, 1, run='"1"', judged='{"champion":null}'), *visit("B", 1, 2, run='"2"'))
    assert run.variables == {"run": "2", "judged": {"champion": None}}


def test_a_variable_that_is_cut_off_is_text(visit: Any) -> None:
    assert taken(*visit("A", 0, 1, long='"{"a": 1')).variables == {"long": '{"a": 1'}


def test_the_path_has_every_visit(visit: Any) -> None:
    run = taken(*visit("Look", 0, 1), *visit("Wait", 1, 2), *visit("Look", 2, 5))
    assert run.path == ["Look", "Wait", "Look"]
    assert run.states["Look"].seconds == 4


def test_a_task_knows_what_it_called_with_what(event: Any, visit: Any) -> None:
    told = {"resource": "updateEndpoint", "parameters": json.dumps({"EndpointName": "e"})}
    run = taken(*visit("Update", 0, 1, event("TaskScheduled", 0, taskScheduledEventDetails=told)))
    assert (run.states["Update"].resource, run.states["Update"].parameters) == ("updateEndpoint", {"EndpointName": "e"})


def test_an_error_is_forgotten_when_the_next_try_succeeds(event: Any, visit: Any) -> None:
    failed = event("TaskFailed", 0, taskFailedEventDetails={"error": "Busy", "cause": "C"})
    succeeded = event("TaskSucceeded", 1, taskSucceededEventDetails={"output": "{}"})
    assert taken(*visit("A", 0, 1, failed)).states["A"].caught == "Busy"
    assert taken(*visit("A", 0, 1, failed, succeeded)).states["A"].caught == ""


@pytest.mark.parametrize(
    ("last", "status"),
    [
        ("ExecutionSucceeded", "SUCCEEDED"),
        ("ExecutionFailed", "FAILED"),
        ("ExecutionTimedOut", "TIMED_OUT"),
        ("ExecutionAborted", "ABORTED"),
        ("TaskStarted", "RUNNING"),
    ],
)
def test_the_last_event_says_how_it_ended(event: Any, visit: Any, last: str, status: str) -> None:
    assert taken(*visit("A", 0, 1), event(last, 1)).status == status


@pytest.mark.parametrize(("kind", "decided"), [("FailStateEntered", "End"), ("TaskStateEntered", None)])
def test_a_fail_state_decides(event: Any, visit: Any, kind: str, decided: str | None) -> None:
    last = event(kind, 1, stateEnteredEventDetails={"name": "End"})
    assert events.decided([*visit("A", 0, 1), last, event("ExecutionFailed", 1)]) == decided
    assert events.decided([]) is None
