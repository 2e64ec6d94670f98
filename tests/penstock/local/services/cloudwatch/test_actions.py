"""Alarms that invoke functions, and actions that fail."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from penstock.local.services.functions import Lambda

KEEP = """
import json, os
def handler(event, context):
    with open(os.environ["FILE"], "w") as file:
        json.dump(event, file)
"""
_PRINCIPAL = "lambda.alarms.cloudwatch.amazonaws.com"
Until = Callable[[Callable[[], Any]], Any]


@pytest.fixture(scope="module")
def functions(watched: Any, zipped: Callable[[dict[str, str]], bytes]) -> Any:
    cloud = watched.cloud
    kept = {"metrics": watched.metrics, "store": watched.store, "clock": watched.clock}
    cloud.add(Lambda(clients=cloud.clients, work=cloud.work / "lambda", faults=cloud.faults, **kept))
    return cloud.clients.operator("lambda")


@pytest.fixture
def function(watched: Any, functions: Any, zipped: Any, name: str, tmp_path: Path) -> str:
    made = functions.create_function(
        FunctionName=name[:60],
        Runtime="python3.13",
        Handler="app.handler",
        Role=watched.cloud.role(),
        Code={"ZipFile": zipped({"app.py": KEEP})},
        Environment={"Variables": {"FILE": str(tmp_path / "event")}},
    )
    return str(made["FunctionArn"])


def fire(watched: Any, name: str, *actions: str) -> None:
    watched.alarm(name, AlarmActions=[*actions], TreatMissingData="ignore", AlarmDescription="why")
    watched.client.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="by hand")


def test_a_function_is_invoked_with_what_changed(
    watched: Any, functions: Any, function: str, name: str, tmp_path: Path, until: Until
) -> None:
    arn = f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{name}"
    permission = {"Action": "lambda:InvokeFunction", "Principal": _PRINCIPAL, "SourceArn": arn}
    functions.add_permission(FunctionName=function, StatementId="alarm", **permission)
    fire(watched, name, function)
    file = tmp_path / "event"
    until(lambda: file.exists() and file.read_text().endswith("}"))
    event = json.loads(file.read_text())
    assert event.pop("time") == event["alarmData"]["state"]["timestamp"]
    data = event.pop("alarmData")
    assert event == {
        "source": "aws.cloudwatch",
        "alarmArn": arn,
        "accountId": "123456789012",
        "region": "us-east-1",
    }
    assert (data["alarmName"], data["state"]["value"], data["state"]["reason"]) == (name, "ALARM", "by hand")
    assert data["previousState"]["value"] == "INSUFFICIENT_DATA"
    assert data["configuration"]["description"] == "why"
    assert watched.history(name, "Action") == [f"Successfully executed action {function}"]


def test_a_function_that_does_not_let_the_alarm_in_is_not_invoked_and_the_next_action_is_carried_out(
    watched: Any, function: str, name: str, tmp_path: Path, until: Until
) -> None:
    topic, messages = watched.topic("the-next-action")
    fire(watched, name, function, topic)
    until(messages)
    failed, succeeded = until(lambda: found if len(found := watched.history(name, "Action")) == 2 else None)
    assert failed.startswith(f'Failed to execute action {function}. Received error: "')
    assert "AccessDenied" in failed
    assert succeeded == f"Successfully executed action {topic}"
    assert not (tmp_path / "event").exists()


def test_what_goes_wrong_is_logged_and_the_next_alarm_is_served(
    watched: Any, name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, until: Until
) -> None:
    def broken(_: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(watched.bus, "publish", broken)
        fire(watched, name)
        until(lambda: f"CloudWatch: alarm {name}: a delivery failed" in caplog.text)
    topic, messages = watched.topic("after-the-error")
    fire(watched, f"{name}-2", topic)
    assert until(messages)
