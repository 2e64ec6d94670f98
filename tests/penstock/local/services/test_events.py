"""Which events reach which functions."""

import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from penstock.local.services.events import Events
from penstock.local.services.functions import Lambda
from penstock.local.services.stepfunctions import StepFunctions

FAILED = {"source": ["aws.states"], "detail": {"status": ["FAILED", "TIMED_OUT", "ABORTED"]}}
KEEP = """
import json, os
def handler(event, context):
    with open(os.environ["FILE"], "a") as file:
        file.write(json.dumps(event) + "\\n")
"""
_ENOUGH_SECONDS = 10


class Bus:
    """EventBridge, with a function that keeps what it is told."""

    def __init__(self, cloud: Any, zipped: Callable[[dict[str, str]], bytes]) -> None:
        self.cloud = cloud
        self.events = cloud.add(Events(clients=cloud.clients))
        cloud.add(Lambda(clients=cloud.clients, work=cloud.work / "lambda"))
        self.lambda_, self.rules = (cloud.clients.operator(service) for service in ("lambda", "events"))
        self._archive = zipped({"app.py": KEEP})

    def function(self, name: str, file: Path) -> str:
        made = self.lambda_.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="app.handler",
            Role=self.cloud.role(),
            Code={"ZipFile": self._archive},
            Environment={"Variables": {"FILE": str(file)}},
        )
        return str(made["FunctionArn"])

    def rule(self, name: str, function_arn: str, pattern: Any = FAILED, *, permitted: bool = True, **more: Any) -> None:
        rule_arn = self.rules.put_rule(Name=name, EventPattern=json.dumps(pattern), **more)["RuleArn"]
        self.rules.put_targets(Rule=name, Targets=[{"Id": "target", "Arn": function_arn}])
        if permitted:
            self.permit(function_arn, rule_arn)

    def permit(self, function_arn: str, source_arn: str) -> None:
        self.lambda_.add_permission(
            FunctionName=function_arn,
            StatementId="rule",
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn=source_arn,
        )

    def publish(self, status: str = "FAILED") -> None:
        self.events.publish({"source": "aws.states", "detail-type": "t", "resources": [], "detail": {"status": status}})


def read(file: Path, count: int = 1) -> list[Any]:
    deadline = time.monotonic() + _ENOUGH_SECONDS
    while not file.exists() or len(lines := file.read_text().splitlines()) < count:
        assert time.monotonic() < deadline, "nothing arrived"
        time.sleep(0.02)
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def bus(small_cloud: Any, zipped: Any) -> Bus:
    return Bus(small_cloud, zipped)


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    return str(request.node.name)[:55]


def test_an_event_reaches_the_function_that_a_rule_names(bus: Bus, name: str, tmp_path: Path) -> None:
    bus.rule(name, bus.function(name, tmp_path / "events"))
    bus.publish()
    [event] = read(tmp_path / "events")
    assert event["detail"] == {"status": "FAILED"}
    assert (event["version"], event["account"], event["region"]) == ("0", "123456789012", "us-east-1")
    assert event.keys() == {
        "version",
        "id",
        "detail-type",
        "source",
        "account",
        "time",
        "region",
        "resources",
        "detail",
    }


def test_events_that_the_pattern_does_not_match_are_not_delivered(bus: Bus, name: str, tmp_path: Path) -> None:
    bus.rule(name, bus.function(name, tmp_path / "events"))
    bus.publish("RUNNING")
    bus.publish("SUCCEEDED")
    bus.publish("ABORTED")
    assert [event["detail"]["status"] for event in read(tmp_path / "events")] == ["ABORTED"]


def test_a_disabled_rule_delivers_nothing(bus: Bus, name: str, tmp_path: Path) -> None:
    for state in ("DISABLED", "ENABLED"):
        bus.rule(f"{name}-{state}", bus.function(f"{name}-{state}", tmp_path / state), State=state)
    bus.publish()
    read(tmp_path / "ENABLED")
    assert not (tmp_path / "DISABLED").exists()


def wait_for(caplog: pytest.LogCaptureFixture, text: str) -> None:
    deadline = time.monotonic() + _ENOUGH_SECONDS
    while text not in caplog.text:
        assert time.monotonic() < deadline, caplog.text
        time.sleep(0.02)


def test_a_function_that_does_not_let_the_rule_in_is_not_invoked(
    bus: Bus, name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    function = bus.function(name, tmp_path / "events")
    bus.rule(name, function, permitted=False)
    with caplog.at_level(logging.ERROR):
        bus.publish()
        wait_for(caplog, f"rule {name} did not reach {function}: its resource policy does not let events.amazonaws.com")
    assert not (tmp_path / "events").exists()


def test_a_permission_for_another_rule_does_not_help(
    bus: Bus, name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    function = bus.function(name, tmp_path / "events")
    bus.rule(name, function, permitted=False)
    bus.permit(function, "arn:aws:events:us-east-1:123456789012:rule/another")
    with caplog.at_level(logging.ERROR):
        bus.publish()
        wait_for(caplog, f"rule {name} did not reach {function}")
    assert not (tmp_path / "events").exists()


def test_a_target_that_is_not_there_is_logged_and_the_others_are_served(
    bus: Bus, name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    gone = "arn:aws:lambda:us-east-1:123456789012:function:gone"
    bus.rule(f"{name}-1", gone, permitted=False)
    bus.rule(f"{name}-2", bus.function(name, tmp_path / "events"))
    with caplog.at_level(logging.ERROR):
        bus.publish()
        read(tmp_path / "events")
        wait_for(caplog, f"did not reach {gone}")


def test_a_target_that_is_no_function_is_logged(bus: Bus, name: str, caplog: pytest.LogCaptureFixture) -> None:
    bus.rule(name, "arn:aws:sns:us-east-1:123456789012:topic", permitted=False)
    with caplog.at_level(logging.ERROR):
        bus.publish()
        wait_for(caplog, "delivers to Lambda functions only")


def test_a_failed_execution_reaches_the_function(bus: Bus, name: str, tmp_path: Path) -> None:
    bus.cloud.add(StepFunctions(clients=bus.cloud.clients, events=bus.events))
    states = bus.cloud.clients.operator("stepfunctions")
    definition = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E", "Cause": "c"}}}
    machine = states.create_state_machine(name="m", definition=json.dumps(definition), roleArn=bus.cloud.role())
    pattern = {**FAILED, "detail": {**FAILED["detail"], "stateMachineArn": [machine["stateMachineArn"]]}}  # type: ignore[dict-item]
    bus.rule(name, bus.function(name, tmp_path / "events"), pattern)
    execution = states.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
    [event] = read(tmp_path / "events")
    assert event["detail-type"] == "Step Functions Execution Status Change"
    assert (event["detail"]["executionArn"], event["detail"]["error"]) == (execution, "E")
