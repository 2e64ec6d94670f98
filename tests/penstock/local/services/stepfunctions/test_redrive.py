"""Executions that did not succeed go on where they failed."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest

INVOKE = "arn:aws:states:::lambda:invoke"


def call(function: str, then: str | None = None, **more: Any) -> Any:
    """A task that gives what a function gives."""
    return {
        "Type": "Task",
        "Resource": INVOKE,
        "Arguments": {"FunctionName": function},
        "Output": "{% $states.result.Payload %}",
        **({"Next": then} if then else {"End": True}),
        **more,
    }


def machine(*states: tuple[str, Any]) -> Any:
    return {"StartAt": states[0][0], "States": dict(states)}


class Functions:
    """Functions that fail as long as they are told to; each gives its name."""

    def __init__(self, sfn: Any) -> None:
        self.failing: set[str] = set()
        self.called: list[str] = []
        sfn.fake("lambda").answers["Invoke"] = self._invoke

    def _invoke(self, request: Any) -> Any:
        name = request["FunctionName"]
        self.called.append(name)
        if name in self.failing:
            failure = json.dumps({"errorType": "Bad", "errorMessage": name}).encode()
            return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": failure}
        return {"StatusCode": 200, "Payload": json.dumps(name).encode()}


@pytest.fixture
def functions(sfn: Any) -> Functions:
    return Functions(sfn)


def redriven(sfn: Any, arn: str) -> Any:
    sfn.client.redrive_execution(executionArn=arn)
    return sfn.wait(arn)


def failed(sfn: Any, functions: Functions, states: Any, *names: str, **top: Any) -> str:
    """Run a machine while functions fail, and return the execution."""
    functions.failing = {*names}
    arn = sfn.start(states, {"n": 1}, **top)
    assert sfn.wait(arn)["status"] == "FAILED"
    functions.failing = set()
    functions.called.clear()
    return str(arn)


def test_it_goes_on_at_the_state_that_failed(sfn: Any, functions: Functions) -> None:
    states = {"A": call("a", then="B"), "B": call("b", then="C"), "C": {"Type": "Succeed"}}
    arn = failed(sfn, functions, states, "b")
    before = sfn.history(arn)
    execution = redriven(sfn, arn)
    assert (execution["status"], execution["output"], execution["executionArn"]) == ("SUCCEEDED", '"b"', arn)
    assert functions.called == ["b"]
    after = sfn.history(arn)
    assert after[: len(before)] == before
    assert [event["id"] for event in after] == [*range(1, len(after) + 1)]
    assert after[len(before)]["type"] == "ExecutionRedriven"
    assert after[len(before)]["executionRedrivenEventDetails"] == {"redriveCount": 1}
    assert after[len(before) + 1]["stateEnteredEventDetails"]["input"] == '"a"'


def test_variables_are_as_they_were(sfn: Any, functions: Functions) -> None:
    states = {
        "A": {"Type": "Pass", "Assign": {"x": {"deep": "{% $states.input.n %}"}}, "Next": "B"},
        "B": {"Type": "Pass", "Assign": {"y": 2}, "Next": "C"},
        "C": call("c", Output="{% $x.deep + $y %}"),
    }
    arn = failed(sfn, functions, states, "c")
    assert redriven(sfn, arn)["output"] == "3"


def test_the_context_tells_of_it(sfn: Any, functions: Functions) -> None:
    output = "{% [$states.context.Execution.RedriveCount, $states.context.Execution.RedriveTime] %}"
    arn = failed(sfn, functions, {"A": call("a", Output=output)}, "a")
    execution = redriven(sfn, arn)
    count, moment = json.loads(execution["output"])
    assert count == 1
    assert (
        moment == execution["redriveDate"].strftime("%Y-%m-%dT%H:%M:%S.") + f"{execution['redriveDate']:%f}"[:3] + "Z"
    )


def test_it_can_be_redriven_again(sfn: Any, functions: Functions) -> None:
    states = {"A": call("a", then="B"), "B": call("b")}
    arn = failed(sfn, functions, states, "a")
    functions.failing = {"b"}
    assert redriven(sfn, arn)["status"] == "FAILED"
    functions.failing = set()
    execution = redriven(sfn, arn)
    assert (execution["status"], execution["redriveCount"]) == ("SUCCEEDED", 2)
    assert functions.called == ["a", "b", "b"]


def test_retries_are_counted_anew(sfn: Any, functions: Functions) -> None:
    retry = [{"ErrorEquals": ["Bad"], "MaxAttempts": 1, "IntervalSeconds": 1}]
    arn = failed(sfn, functions, {"A": call("a", Retry=retry)}, "a")
    functions.failing = {"a"}
    assert redriven(sfn, arn)["status"] == "FAILED"
    assert functions.called == ["a", "a"]


def test_only_the_branches_that_failed_run_again(sfn: Any, functions: Functions) -> None:
    branches = [
        machine(("A", call("a"))),
        machine(("B", call("b1", then="B2")), ("B2", call("b2"))),
    ]
    states = {"Both": {"Type": "Parallel", "Branches": branches, "End": True}}
    functions.failing = {"b2"}
    slow = sfn.cloud.services["lambda"].answers
    invoke, done = slow["Invoke"], threading.Event()

    def in_order(request: Any) -> Any:
        if request["FunctionName"] == "b2" and functions.failing:
            done.wait(10)
        return invoke(request)

    slow["Invoke"] = in_order
    arn = sfn.start(states, {})
    while [event["type"] for event in sfn.history(arn)].count("TaskStateExited") < 2:
        pass
    done.set()
    assert sfn.wait(arn)["status"] == "FAILED"
    functions.failing = set()
    functions.called.clear()
    execution = redriven(sfn, arn)
    assert json.loads(execution["output"]) == ["a", "b2"]
    assert functions.called == ["b2"]


def test_only_the_iterations_that_failed_run_again_each_where_it_was(sfn: Any, functions: Functions) -> None:
    each = machine(
        ("First", call("{% 'first-' & $states.input %}", Assign={"was": "{% $states.input %}"}, then="Second")),
        ("Second", call("{% 'second-' & $was %}")),
    )
    state = {"Type": "Map", "MaxConcurrency": 1, "Items": ["x", "y", "z"], "ItemProcessor": each, "End": True}
    arn = failed(sfn, functions, {"Each": state}, "second-y")
    execution = redriven(sfn, arn)
    assert json.loads(execution["output"]) == ["second-x", "second-y", "second-z"]
    assert functions.called == ["second-y", "first-z", "second-z"]


def test_a_map_within_a_map_goes_on_too(sfn: Any, functions: Functions) -> None:
    inner = machine(("Call", call("{% $states.input %}")))
    outer = machine(
        (
            "Inner",
            {"Type": "Map", "MaxConcurrency": 1, "Items": "{% $states.input %}", "ItemProcessor": inner, "End": True},
        )
    )
    items = [["a", "b"], ["c", "d", "e"]]
    state = {"Type": "Map", "MaxConcurrency": 1, "Items": items, "ItemProcessor": outer, "End": True}
    arn = failed(sfn, functions, {"Outer": state}, "d")
    functions.failing = {"e"}
    assert redriven(sfn, arn)["status"] == "FAILED"
    functions.failing = set()
    execution = redriven(sfn, arn)
    assert json.loads(execution["output"]) == items
    assert functions.called == ["d", "e", "e"]


def test_a_map_whose_output_was_too_large_runs_again_as_a_whole(sfn: Any, functions: Functions) -> None:
    large = "{% $pad('', $exists($states.context.Execution.RedriveCount) ? 1 : 200000, 'x') %}"
    each = machine(("A", call("a", Output=large)))
    state = {"Type": "Map", "Items": [1, 2], "ItemProcessor": each, "End": True}
    arn = failed(sfn, functions, {"Each": state})
    assert sfn.client.describe_execution(executionArn=arn)["error"] == "States.DataLimitExceeded"
    assert json.loads(redriven(sfn, arn)["output"]) == ["x", "x"]
    assert functions.called == ["a", "a"]


def test_an_aborted_execution_goes_on_in_its_wait(sfn: Any) -> None:
    arn = sfn.start({"Wait": {"Type": "Wait", "Seconds": 600, "Next": "Done"}, "Done": {"Type": "Succeed"}})
    sfn.entered(arn, "Wait")
    sfn.client.stop_execution(executionArn=arn)
    sfn.client.redrive_execution(executionArn=arn)
    again = sfn.client.describe_execution(executionArn=arn)
    assert (again["status"], again["redriveCount"]) == ("RUNNING", 1)
    assert "stopDate" not in again
    sfn.client.stop_execution(executionArn=arn)
    assert sfn.client.describe_execution(executionArn=arn)["status"] == "ABORTED"


def test_the_time_out_of_the_machine_begins_anew(sfn: Any) -> None:
    arn = sfn.start({"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}, TimeoutSeconds=1)
    assert sfn.wait(arn)["status"] == "TIMED_OUT"
    execution = redriven(sfn, arn)
    assert execution["status"] == "TIMED_OUT"
    assert execution["stopDate"] - execution["redriveDate"] >= timedelta(seconds=1)


def test_what_a_call_from_before_brings_comes_too_late(sfn: Any, functions: Functions) -> None:
    called, answer = threading.Event(), threading.Event()
    answers = sfn.cloud.services["lambda"].answers
    invoke = answers["Invoke"]

    def hanging(request: Any) -> Any:
        if not called.is_set():
            called.set()
            answer.wait(10)
        return invoke(request)

    answers["Invoke"] = hanging
    arn = sfn.start({"A": call("a")})
    assert called.wait(10)
    sfn.client.stop_execution(executionArn=arn)
    execution = redriven(sfn, arn)
    events = sfn.history(arn)
    answer.set()
    assert (execution["status"], functions.called) == ("SUCCEEDED", ["a"])
    assert sfn.history(arn) == events


def test_it_keeps_to_the_definition_that_it_started_with(sfn: Any, functions: Functions) -> None:
    arn = failed(sfn, functions, {"A": call("a")}, "a")
    machine_arn = sfn.client.describe_execution(executionArn=arn)["stateMachineArn"]
    other = json.dumps({"StartAt": "X", "States": {"X": {"Type": "Fail"}}})
    sfn.client.update_state_machine(stateMachineArn=machine_arn, definition=other)
    assert redriven(sfn, arn)["status"] == "SUCCEEDED"


@pytest.mark.parametrize("status", ["SUCCEEDED", "RUNNING"])
def test_what_has_not_failed_cannot_be_redriven(sfn: Any, status: str) -> None:
    last = {"Type": "Succeed"} if status == "SUCCEEDED" else {"Type": "Wait", "Seconds": 600, "End": True}
    arn = sfn.start({"A": last})
    if status == "SUCCEEDED":
        sfn.wait(arn)
    reason = f"Execution is {status} and cannot be redriven"
    with pytest.raises(sfn.client.exceptions.ExecutionNotRedrivable, match=reason):
        sfn.client.redrive_execution(executionArn=arn)
    described = sfn.client.describe_execution(executionArn=arn)
    assert (described["redriveStatus"], described["redriveStatusReason"]) == ("NOT_REDRIVABLE", reason)


def test_after_a_fortnight_it_is_too_late(sfn: Any, functions: Functions, monkeypatch: pytest.MonkeyPatch) -> None:
    arn = failed(sfn, functions, {"A": call("a")}, "a")
    assert sfn.client.describe_execution(executionArn=arn)["redriveStatus"] == "REDRIVABLE"
    later = sfn.clock.now() + timedelta(days=14, minutes=1)
    monkeypatch.setattr(sfn.clock, "now", lambda: later)
    with pytest.raises(sfn.client.exceptions.ExecutionNotRedrivable, match="redrivable period exceeded"):
        sfn.client.redrive_execution(executionArn=arn)


def test_the_same_token_is_the_same_redrive(sfn: Any, functions: Functions) -> None:
    arn = failed(sfn, functions, {"A": call("a")}, "a")
    first, second = (sfn.client.redrive_execution(executionArn=arn, clientToken="t") for _ in range(2))
    assert first["redriveDate"] == second["redriveDate"]
    assert sfn.wait(arn)["redriveCount"] == 1


def test_executions_are_listed_by_whether_they_were_redriven(sfn: Any, functions: Functions) -> None:
    arn = failed(sfn, functions, {"A": call("a")}, "a")
    machine_arn = redriven(sfn, arn)["stateMachineArn"]
    sfn.wait(sfn.client.start_execution(stateMachineArn=machine_arn, name="other")["executionArn"])
    found = {
        wanted: sfn.client.list_executions(stateMachineArn=machine_arn, redriveFilter=wanted)["executions"]
        for wanted in ("REDRIVEN", "NOT_REDRIVEN")
    }
    assert {wanted: [item["name"] for item in items] for wanted, items in found.items()} == {
        "REDRIVEN": ["run"],
        "NOT_REDRIVEN": ["other"],
    }


def test_its_statuses_are_published_with_the_count(sfn: Any, functions: Functions) -> None:
    arn = failed(sfn, functions, {"A": call("a")}, "a")
    redriven(sfn, arn)
    seen = [(event["detail"]["status"], event["detail"]["redriveCount"]) for event in sfn.published]
    assert seen == [("RUNNING", 0), ("FAILED", 0), ("RUNNING", 1), ("SUCCEEDED", 1)]
    assert sfn.published[1]["detail"]["redriveStatus"] == "REDRIVABLE"
    assert sfn.published[-1]["detail"]["redriveDate"] is not None


def test_an_unknown_execution_cannot_be_redriven(sfn: Any) -> None:
    arn = "arn:aws:states:us-east-1:123456789012:execution:none:none"
    with pytest.raises(sfn.client.exceptions.ExecutionDoesNotExist):
        sfn.client.redrive_execution(executionArn=arn)
