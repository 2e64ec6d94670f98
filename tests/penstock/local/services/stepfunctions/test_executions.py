"""Executions as a whole: how they start, end, are stopped and looked at."""

import json
import threading
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

SUCCEED = {"Done": {"Type": "Succeed"}}
WAIT = {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}


def test_an_execution_is_described(sfn: Any) -> None:
    execution = sfn.run(SUCCEED, {"a": 1})
    machine = execution["stateMachineArn"]
    assert machine.startswith("arn:aws:states:us-east-1:123456789012:stateMachine:machine-")
    assert execution["executionArn"] == f"{machine.replace('stateMachine', 'execution')}:run"
    assert (execution["name"], execution["status"]) == ("run", "SUCCEEDED")
    assert execution["input"] == '{"a": 1}'
    assert json.loads(execution["output"]) == {"a": 1}
    assert execution["startDate"] <= execution["stopDate"]


@pytest.mark.parametrize("output", [None, "text", 0, []])
def test_an_output_is_json_whatever_it_is(sfn: Any, output: Any) -> None:
    value = "{% null %}" if output is None else f"{{% {json.dumps(output)} %}}"
    assert sfn.output({"Done": {"Type": "Succeed", "Output": value}}) == output


def test_an_execution_without_a_name_gets_one(sfn: Any) -> None:
    machine = sfn.create(SUCCEED)
    arns = {sfn.client.start_execution(stateMachineArn=machine)["executionArn"] for _ in range(2)}
    assert len(arns) == 2


def test_the_same_name_and_input_is_the_same_execution_while_it_runs(sfn: Any) -> None:
    machine = sfn.create(WAIT)
    first = sfn.client.start_execution(stateMachineArn=machine, name="run", input='{"a": 1}')
    second = sfn.client.start_execution(stateMachineArn=machine, name="run", input='{"a": 1}')
    assert (first["executionArn"], first["startDate"]) == (second["executionArn"], second["startDate"])


def test_the_same_name_with_another_input_exists_already(sfn: Any) -> None:
    machine = sfn.create(WAIT)
    sfn.client.start_execution(stateMachineArn=machine, name="run", input='{"a": 1}')
    with pytest.raises(sfn.client.exceptions.ExecutionAlreadyExists):
        sfn.client.start_execution(stateMachineArn=machine, name="run", input='{"a": 2}')


def test_the_name_of_an_execution_that_has_ended_exists_already(sfn: Any) -> None:
    execution = sfn.run(SUCCEED)
    with pytest.raises(sfn.client.exceptions.ExecutionAlreadyExists):
        sfn.client.start_execution(stateMachineArn=execution["stateMachineArn"], name="run", input="{}")


@pytest.mark.parametrize("name", ["a b", "a/b", "a:b", "x" * 81])
def test_a_bad_name_is_refused(sfn: Any, name: str) -> None:
    with pytest.raises(ClientError, match=r"InvalidName|ValidationException"):
        sfn.client.start_execution(stateMachineArn=sfn.create(SUCCEED), name=name)


def test_an_input_that_is_no_json_is_refused(sfn: Any) -> None:
    with pytest.raises(sfn.client.exceptions.InvalidExecutionInput):
        sfn.client.start_execution(stateMachineArn=sfn.create(SUCCEED), input="{")


def test_what_is_not_there_is_not_found(sfn: Any) -> None:
    with pytest.raises(sfn.client.exceptions.StateMachineDoesNotExist):
        sfn.client.start_execution(stateMachineArn=f"{sfn.create(SUCCEED)}x")
    with pytest.raises(sfn.client.exceptions.ExecutionDoesNotExist):
        sfn.client.describe_execution(executionArn="arn:aws:states:us-east-1:123456789012:execution:machine-0:other")


def test_a_stopped_execution_is_aborted_at_once(sfn: Any) -> None:
    arn = sfn.start(WAIT)
    sfn.entered(arn, "Wait")
    stopped = sfn.client.stop_execution(executionArn=arn, error="Enough", cause="by hand")
    execution = sfn.client.describe_execution(executionArn=arn)
    assert (execution["status"], execution["error"], execution["cause"]) == ("ABORTED", "Enough", "by hand")
    assert execution["stopDate"] == stopped["stopDate"]
    assert sfn.history(arn)[-1]["executionAbortedEventDetails"] == {"error": "Enough", "cause": "by hand"}


def test_an_execution_that_is_stopped_while_it_starts_is_aborted(sfn: Any) -> None:
    arn = sfn.start(WAIT)
    sfn.client.stop_execution(executionArn=arn)
    assert sfn.client.describe_execution(executionArn=arn)["status"] == "ABORTED"


def test_stopping_what_has_ended_changes_nothing(sfn: Any) -> None:
    execution = sfn.run(SUCCEED)
    sfn.client.stop_execution(executionArn=execution["executionArn"])
    again = sfn.client.describe_execution(executionArn=execution["executionArn"])
    assert (again["status"], again["stopDate"]) == ("SUCCEEDED", execution["stopDate"])


def test_a_machine_that_is_out_of_time_times_out(sfn: Any) -> None:
    arn = sfn.start(WAIT, TimeoutSeconds=1)
    execution = sfn.wait(arn)
    assert execution["status"] == "TIMED_OUT"
    assert 1 <= (execution["stopDate"] - execution["startDate"]).total_seconds() < 5
    assert sfn.history(arn)[-1]["type"] == "ExecutionTimedOut"


def test_nothing_is_added_to_the_history_of_an_execution_that_has_ended(sfn: Any) -> None:
    lambda_ = sfn.fake("lambda")
    called, answer = threading.Event(), threading.Event()

    def invoke(_request: Any) -> Any:
        called.set()
        answer.wait(10)
        return {"StatusCode": 200, "Payload": b"1"}

    lambda_.answers["Invoke"] = invoke
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "f"},
        "End": True,
    }
    arn = sfn.start({"Call": task})
    assert called.wait(10)
    sfn.client.stop_execution(executionArn=arn)
    before = sfn.history(arn)
    answer.set()
    time.sleep(0.2)
    assert sfn.history(arn) == before
    assert sfn.client.describe_execution(executionArn=arn)["status"] == "ABORTED"


def test_executions_are_listed_the_newest_first(sfn: Any) -> None:
    machine = sfn.create(SUCCEED)
    for name in ("one", "two", "three"):
        sfn.wait(sfn.client.start_execution(stateMachineArn=machine, name=name)["executionArn"])
    pages = sfn.client.get_paginator("list_executions").paginate(
        stateMachineArn=machine, PaginationConfig={"PageSize": 2}
    )
    assert [[item["name"] for item in page["executions"]] for page in pages] == [["three", "two"], ["one"]]


def test_executions_are_listed_by_status(sfn: Any) -> None:
    execution = sfn.run(SUCCEED)
    machine = execution["stateMachineArn"]
    assert sfn.client.list_executions(stateMachineArn=machine, statusFilter="FAILED")["executions"] == []
    found = sfn.client.list_executions(stateMachineArn=machine, statusFilter="SUCCEEDED")["executions"]
    assert [item["stopDate"] for item in found] == [execution["stopDate"]]


def test_the_history_comes_in_pages_and_backwards(sfn: Any) -> None:
    arn = sfn.run({"A": {"Type": "Pass", "Next": "Done"}, **SUCCEED})["executionArn"]
    pages = sfn.client.get_paginator("get_execution_history").paginate(
        executionArn=arn, reverseOrder=True, PaginationConfig={"PageSize": 4}
    )
    assert [[event["id"] for event in page["events"]] for page in pages] == [[6, 5, 4, 3], [2, 1]]


def test_the_history_can_do_without_data(sfn: Any) -> None:
    arn = sfn.run(SUCCEED, {"secret": 1})["executionArn"]
    events = sfn.client.get_execution_history(executionArn=arn, includeExecutionData=False)["events"]
    assert "secret" not in json.dumps(events, default=str)
    assert events[1]["stateEnteredEventDetails"]["name"] == "Done"


def test_the_statuses_are_published(sfn: Any) -> None:
    execution = sfn.run(SUCCEED, {"a": 1})
    assert sfn.published.statuses() == ["RUNNING", "SUCCEEDED"]
    event = sfn.published[-1]
    assert (event["source"], event["detail-type"]) == ("aws.states", "Step Functions Execution Status Change")
    assert event["resources"] == [execution["executionArn"]]
    assert event["detail"] == {
        "executionArn": execution["executionArn"],
        "stateMachineArn": execution["stateMachineArn"],
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        "name": "run",
        "status": "SUCCEEDED",
        "startDate": round(execution["startDate"].timestamp() * 1000),
        "stopDate": round(execution["stopDate"].timestamp() * 1000),
        "input": '{"a": 1}',
        "inputDetails": {"included": True},
        "output": '{"a":1}',
        "outputDetails": {"included": True},
        "error": None,
        "cause": None,
        "redriveCount": 0,
        "redriveDate": None,
        "redriveStatus": "NOT_REDRIVABLE",
        "redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
    }


@pytest.mark.parametrize(
    ("states", "top", "status"),
    [
        ({"Fail": {"Type": "Fail", "Error": "E", "Cause": "c"}}, {}, "FAILED"),
        (WAIT, {"TimeoutSeconds": 1}, "TIMED_OUT"),
    ],
)
def test_a_bad_end_is_published(sfn: Any, states: Any, top: Any, status: str) -> None:
    sfn.run(states, **top)
    assert sfn.published.statuses() == ["RUNNING", status]


def test_a_stop_is_published_once(sfn: Any) -> None:
    arn = sfn.start(WAIT)
    sfn.entered(arn, "Wait")
    sfn.client.stop_execution(executionArn=arn)
    time.sleep(0.1)
    assert sfn.published.statuses() == ["RUNNING", "ABORTED"]
