"""What a machine's role is asked for, and what is delivered: logs, traces and metrics."""

import json
import time
from typing import Any

import pytest

FAIL = {"Fail": {"Type": "Fail", "Error": "E", "Cause": "c"}}
ASKED = {
    "CreateLogDelivery",
    "GetLogDelivery",
    "UpdateLogDelivery",
    "DeleteLogDelivery",
    "ListLogDeliveries",
    "PutResourcePolicy",
    "DescribeResourcePolicies",
    "DescribeLogGroups",
}


class Logged:
    """A machine with a log group."""

    def __init__(self, sfn: Any) -> None:
        self.sfn = sfn
        self.logs = sfn.cloud.clients.operator("logs")
        self.group = f"/aws/vendedlogs/states/{time.monotonic_ns()}"
        self.arn = f"arn:aws:logs:us-east-1:123456789012:log-group:{self.group}:*"
        self.logs.create_log_group(logGroupName=self.group)

    def configuration(self, level: str = "ALL", *, data: bool = True) -> Any:
        destinations = [{"cloudWatchLogsLogGroup": {"logGroupArn": self.arn}}]
        return {"level": level, "includeExecutionData": data, "destinations": destinations}

    def create(self, states: Any, role: str | None = None, **settings: Any) -> str:
        definition = {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}
        name = f"logged-{time.monotonic_ns()}"
        made = self.sfn.client.create_state_machine(
            name=name, definition=json.dumps(definition), roleArn=role or self.sfn.role, **settings
        )
        return str(made["stateMachineArn"])

    def run(self, machine: str) -> str:
        started = self.sfn.client.start_execution(stateMachineArn=machine, name="run", input='{"a":1}')
        return str(self.sfn.wait(started["executionArn"])["executionArn"])

    def lines(self, count: int) -> list[Any]:
        """The lines of the group, when there are so many."""
        deadline = time.monotonic() + 10
        while len(events := self.logs.filter_log_events(logGroupName=self.group)["events"]) < count:
            assert time.monotonic() < deadline, events
            time.sleep(0.02)
        return [json.loads(event["message"]) for event in events]


@pytest.fixture
def logged(sfn: Any) -> Logged:
    return Logged(sfn)


def limited(sfn: Any, *denied: str) -> str:
    """A role that may do everything but some actions."""
    role = sfn.cloud.role()
    statement = {"Effect": "Deny", "Action": [*denied], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sfn.cloud.clients.operator("iam").put_role_policy(
        RoleName=role.rpartition("/")[2], PolicyName="Not", PolicyDocument=policy
    )
    return str(role)


def test_the_history_is_written_to_the_log_group(sfn: Any, logged: Logged) -> None:
    arn = logged.run(logged.create({"A": {"Type": "Succeed"}}, loggingConfiguration=logged.configuration()))
    history, lines = sfn.history(arn), logged.lines(4)
    assert [line["type"] for line in lines] == [event["type"] for event in history]
    assert lines[1] == {
        "id": "2",
        "type": "SucceedStateEntered",
        "details": {"name": "A", "input": '{"a":1}', "inputDetails": {"truncated": False}},
        "redrive_count": "0",
        "previous_event_id": "0",
        "event_timestamp": str(round(history[1]["timestamp"].timestamp() * 1000)),
        "execution_arn": arn,
    }
    policies = logged.logs.describe_resource_policies()["resourcePolicies"]
    (policy,) = (one for one in policies if one["policyName"] == "AWSLogDeliveryWrite20150319")
    assert f"{logged.arn.removesuffix('*')}log-stream:*" in policy["policyDocument"]


def test_without_execution_data_inputs_and_outputs_are_left_out(logged: Logged) -> None:
    states = {"A": {"Type": "Succeed", "Output": "secret"}}
    logged.run(logged.create(states, loggingConfiguration=logged.configuration(data=False)))
    lines = logged.lines(4)
    assert "secret" not in json.dumps(lines)
    assert lines[1]["details"] == {"name": "A"}


@pytest.mark.parametrize(
    ("level", "types"), [("ERROR", ["FailStateEntered", "ExecutionFailed"]), ("FATAL", ["ExecutionFailed"])]
)
def test_a_level_says_what_is_logged(logged: Logged, level: str, types: list[str]) -> None:
    logged.run(logged.create(FAIL, loggingConfiguration=logged.configuration(level)))
    assert [line["type"] for line in logged.lines(len(types))] == types


@pytest.mark.parametrize("action", sorted(ASKED))
def test_the_role_has_to_be_allowed_to_deliver_logs(sfn: Any, logged: Logged, action: str) -> None:
    role = limited(sfn, f"logs:{action}")
    with pytest.raises(
        sfn.client.exceptions.ClientError, match="not authorized to access the Log Destination"
    ) as error:
        logged.create(FAIL, role, loggingConfiguration=logged.configuration())
    assert error.value.response["Error"]["Code"] == "AccessDeniedException"
    assert action in str(error.value)


def test_a_log_group_has_to_be_there(sfn: Any, logged: Logged) -> None:
    logged.logs.delete_log_group(logGroupName=logged.group)
    with pytest.raises(sfn.client.exceptions.InvalidLoggingConfiguration, match="does not exist"):
        logged.create(FAIL, loggingConfiguration=logged.configuration())


def test_a_level_needs_a_log_group(sfn: Any, logged: Logged) -> None:
    with pytest.raises(sfn.client.exceptions.InvalidLoggingConfiguration, match="exactly one Log Destination"):
        logged.create(FAIL, loggingConfiguration={"level": "ALL", "destinations": []})


def test_an_update_is_checked_too(sfn: Any, logged: Logged) -> None:
    machine = logged.create(FAIL)
    with pytest.raises(sfn.client.exceptions.ClientError, match="not authorized to access the Log Destination"):
        sfn.client.update_state_machine(
            stateMachineArn=machine,
            roleArn=limited(sfn, "logs:CreateLogDelivery"),
            loggingConfiguration=logged.configuration(),
        )


def traces(sfn: Any) -> list[Any]:
    client, now = sfn.cloud.clients.operator("xray"), time.time()
    return list(client.get_trace_summaries(StartTime=now - 60, EndTime=now + 60)["TraceSummaries"])


def test_a_traced_machine_sends_a_trace(sfn: Any, logged: Logged) -> None:
    before = len(traces(sfn))
    logged.run(logged.create(FAIL, tracingConfiguration={"enabled": True}))
    deadline = time.monotonic() + 10
    while len(traces(sfn)) == before:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("action", ["PutTraceSegments", "GetSamplingRules", "GetSamplingTargets"])
def test_without_the_permission_there_is_no_trace(sfn: Any, logged: Logged, action: str) -> None:
    before = len(traces(sfn))
    machine = logged.create(FAIL, limited(sfn, f"xray:{action}"), tracingConfiguration={"enabled": True})
    logged.run(machine)
    sfn.service._delivery.close()
    assert len(traces(sfn)) == before
    sfn.service = sfn.cloud.add(sfn.again())


TRAIN = {"Type": "Task", "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync", "Arguments": {}, "End": True}


def test_a_sync_task_has_a_rule_that_tells_of_its_end(sfn: Any, logged: Logged) -> None:
    logged.create({"Train": TRAIN})
    events = sfn.cloud.clients.operator("events")
    rule = events.describe_rule(Name="StepFunctionsGetEventsForSageMakerTrainingJobsRule")
    assert json.loads(rule["EventPattern"])["detail-type"] == ["SageMaker Training Job State Change"]
    assert len(events.list_targets_by_rule(Rule=rule["Name"])["Targets"]) == 1


@pytest.mark.parametrize("action", ["PutRule", "PutTargets", "DescribeRule"])
def test_the_role_has_to_be_allowed_to_make_it(sfn: Any, logged: Logged, action: str) -> None:
    events, name = sfn.cloud.clients.operator("events"), "StepFunctionsGetEventsForSageMakerTrainingJobsRule"
    events.remove_targets(Rule=name, Ids=["StepFunctions"])
    events.delete_rule(Name=name)
    with pytest.raises(sfn.client.exceptions.ClientError, match="is not authorized to create managed-rule") as error:
        logged.create({"Train": TRAIN}, limited(sfn, f"events:{action}"))
    assert f"events:{action}" in str(error.value)
    logged.create({"Train": TRAIN})


def test_executions_are_counted_and_timed(sfn: Any) -> None:
    execution = sfn.run({"A": {"Type": "Succeed"}})
    machine = {"StateMachineArn": execution["stateMachineArn"]}
    measured = [(name, value) for name, value, dimensions in sfn.measured if dimensions == machine]
    assert [name for name, _ in measured] == ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionTime"]
    lasted = (execution["stopDate"] - execution["startDate"]).total_seconds() * 1000
    assert measured[-1][1] == pytest.approx(lasted)


def test_integrations_are_counted(sfn: Any) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sts:getCallerIdentity", "Arguments": {}, "End": True}
    sfn.measured.clear()
    sfn.output({"Who": task})
    called = {"ServiceIntegrationResourceArn": "arn:aws:states:::aws-sdk:sts:getCallerIdentity"}
    counted = [name for name, _, dimensions in sfn.measured if dimensions == called]
    assert counted == [f"ServiceIntegrations{step}" for step in ("Scheduled", "Started", "Succeeded")]


def test_functions_that_are_resources_are_counted(sfn: Any) -> None:
    function = "arn:aws:lambda:us-east-1:123456789012:function:f"
    sfn.fake("lambda").answers["Invoke"] = lambda _: {"StatusCode": 200, "Payload": b"1"}
    sfn.measured.clear()
    sfn.output({"Call": {"Type": "Task", "Resource": function, "End": True}})
    counted = [name for name, _, dimensions in sfn.measured if dimensions == {"LambdaFunctionArn": function}]
    assert counted == [f"LambdaFunctions{step}" for step in ("Scheduled", "Started", "Succeeded")]
