"""What of executions outlives the cloud that they ran in."""

import json
import threading
from typing import Any

import pytest

INVOKE = "arn:aws:states:::lambda:invoke"
WAIT = {"Type": "Wait", "Seconds": 600, "End": True}


class Lives:
    """Step Functions that ends without a farewell, and begins again with the same store and machines."""

    def __init__(self, sfn: Any) -> None:
        self.sfn = sfn

    def again(self) -> list[str]:
        old, new = self.sfn.service, self.sfn.again()
        new._machines._machines.update(old._machines._machines)  # those come back by the journal
        for execution in old._executions._executions.values():
            execution._kept._store = type(self.sfn.store)()  # what the old cloud still does is lost
        self.sfn.service = self.sfn.cloud.add(new)
        return list(new.restore())


@pytest.fixture
def lives(sfn: Any) -> Lives:
    return Lives(sfn)


def test_a_finished_execution_comes_back_as_it_was(sfn: Any, lives: Lives) -> None:
    execution = sfn.run({"A": {"Type": "Pass", "Assign": {"x": 1}, "End": True}}, {"a": 1})
    arn = execution["executionArn"]
    history = sfn.history(arn)
    assert lives.again() == []
    again = sfn.client.describe_execution(executionArn=arn)
    assert {**again, "ResponseMetadata": None} == {**execution, "ResponseMetadata": None}
    assert sfn.history(arn) == history
    listed = sfn.client.list_executions(stateMachineArn=execution["stateMachineArn"])["executions"]
    assert [item["executionArn"] for item in listed] == [arn]


def test_one_that_ran_has_failed_where_it_was_and_goes_on_there(sfn: Any, lives: Lives) -> None:
    called, answer = threading.Event(), threading.Event()

    def hanging(_request: Any) -> Any:
        called.set()
        answer.wait(10)
        return {"StatusCode": 200, "Payload": b'"late"'}

    sfn.fake("lambda").answers["Invoke"] = hanging
    task = {"Type": "Task", "Resource": INVOKE, "Arguments": {"FunctionName": "f"}, "End": True}
    states = {
        "First": {"Type": "Pass", "Assign": {"x": [1]}, "Next": "Call"},
        "Call": {**task, "Output": {"given": "{% $states.result.Payload %}", "x": "{% $x %}"}},
    }
    arn = sfn.start(states)
    assert called.wait(10)
    assert lives.again() == [arn]
    execution = sfn.client.describe_execution(executionArn=arn)
    assert (execution["status"], execution["error"]) == ("FAILED", "LocalCloud.Ended")
    assert execution["cause"].startswith("The local cloud was ended while this execution was at state 'Call'.")
    assert sfn.history(arn)[-1]["type"] == "ExecutionFailed"
    assert sfn.published[-1]["detail"]["error"] == "LocalCloud.Ended"
    answer.set()
    sfn.client.redrive_execution(executionArn=arn)
    assert json.loads(sfn.wait(arn)["output"]) == {"given": "late", "x": [1]}


def test_a_redrive_takes_over_the_iterations_that_were_done(sfn: Any, lives: Lives) -> None:
    waiting = {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": "{% $states.input %}", "End": True}}}
    state = {"Type": "Map", "MaxConcurrency": 1, "Items": [0, 0, 1], "ItemProcessor": waiting, "End": True}
    arn = sfn.start({"Each": state})
    while "MapIterationSucceeded" not in (types := [event["type"] for event in sfn.history(arn)]):
        pass
    assert lives.again() == [arn]
    sfn.client.redrive_execution(executionArn=arn)
    assert json.loads(sfn.wait(arn)["output"]) == [0, 0, 1]
    again = [event["type"] for event in sfn.history(arn)].count("MapIterationStarted")
    assert again - types.count("MapIterationStarted") <= 2


def test_one_that_was_cut_off_between_two_states_goes_on_with_the_next(sfn: Any, lives: Lives) -> None:
    arn = sfn.start({"A": {"Type": "Pass", "Output": 7, "Next": "B"}, "B": WAIT})
    sfn.entered(arn, "B")
    lines = sfn.store.lines("execution", arn)
    sfn.store.remove("execution", arn)
    record = {**sfn.service._executions._executions[arn].record(), "status": "RUNNING"}
    sfn.store.put("execution", arn, record)
    for line in lines[:3]:  # up to the end of A
        sfn.store.append("execution", arn, line)
    assert lives.again() == [arn]
    assert "at state 'B'" in sfn.client.describe_execution(executionArn=arn)["cause"]
    sfn.client.redrive_execution(executionArn=arn)
    sfn.entered(arn, "B")
    assert sfn.history(arn)[-1]["stateEnteredEventDetails"] == {
        "name": "B",
        "input": "7",
        "inputDetails": {"truncated": False},
    }


def test_the_executions_of_a_deleted_machine_are_forgotten(sfn: Any, lives: Lives) -> None:
    arn = sfn.start({"A": WAIT})
    machine = sfn.client.describe_execution(executionArn=arn)["stateMachineArn"]
    sfn.client.delete_state_machine(stateMachineArn=machine)
    assert arn not in sfn.store.all("execution")
    with pytest.raises(sfn.client.exceptions.ExecutionDoesNotExist):
        sfn.client.describe_execution(executionArn=arn)


def test_what_is_left_of_a_machine_that_is_gone_is_dropped(sfn: Any, lives: Lives) -> None:
    execution = sfn.run({"A": {"Type": "Succeed"}})
    arn, machine = execution["executionArn"], execution["stateMachineArn"]
    del sfn.service._machines._machines[machine]
    lives.again()
    assert arn not in sfn.store.all("execution")
    with pytest.raises(sfn.client.exceptions.ExecutionDoesNotExist):
        sfn.client.describe_execution(executionArn=arn)
