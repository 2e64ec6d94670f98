"""The alarms of a synthesised pipeline, as they are in its template, fire and go out again."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from penstock.local.services.cloudwatch.metrics import Metric
from penstock.local.services.cloudwatch.samples import Samples

_SERVED = {"EndpointName": "dev-bigmart", "VariantName": "main"}
_MACHINE = {"StateMachineArn": "Workflow"}
Measurement = tuple[str, str, float, str, dict[str, str]]


@pytest.fixture(scope="module")
def alarms(pipeline_template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The properties of the alarms by what they are called in their pipeline; references become logical ids."""
    found = {}
    for key, resource in pipeline_template["Resources"].items():
        if resource["Type"] == "AWS::CloudWatch::Alarm":
            text = json.dumps(resource["Properties"])
            found[key.rpartition("Alarms")[2][:-8]] = _resolved(json.loads(text))
    return found


def _resolved(value: Any) -> Any:
    if isinstance(value, list):
        return [_resolved(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and next(iter(value)) in {"Ref", "Fn::GetAtt", "Fn::ImportValue"}:
        [name] = value.values()
        return (name if isinstance(name, str) else name[0])[:-8]
    return {key: _resolved(item) for key, item in value.items()}


@pytest.mark.parametrize(
    ("alarm", "fine", "wrong"),
    [
        ("ExecutionsFailed", [], [("AWS/States", "ExecutionsFailed", 1, "Count", _MACHINE)]),
        ("ExecutionsTimedOut", [], [("AWS/States", "ExecutionsTimedOut", 1, "Count", _MACHINE)]),
        (
            "HookErrors",
            [("AWS/Lambda", "Errors", 0, "Count", {"FunctionName": "HooksPrepare"})],
            [
                ("AWS/Lambda", "Errors", 0, "Count", {"FunctionName": "HooksPrepare"}),
                ("AWS/Lambda", "Errors", 1, "Count", {"FunctionName": "HooksSmokeTest"}),
            ],
        ),
        (
            "EndpointErrors",
            [("AWS/SageMaker", "Invocations", 1, "None", _SERVED)] * 3,
            [
                *([("AWS/SageMaker", "Invocations", 1, "None", _SERVED)] * 30),
                ("AWS/SageMaker", "Invocation5XXErrors", 1, "None", _SERVED),
            ],
        ),
        (
            "EndpointLatency",
            [("AWS/SageMaker", "ModelLatency", 190_000, "Microseconds", _SERVED)] * 20,
            [
                *([("AWS/SageMaker", "ModelLatency", 190_000, "Microseconds", _SERVED)] * 20),
                ("AWS/SageMaker", "ModelLatency", 210_000, "Microseconds", _SERVED),
            ],
        ),
    ],
)
def test_an_alarm_of_a_pipeline_fires_tells_its_topic_and_goes_out(
    watched: Any,
    alarms: dict[str, dict[str, Any]],
    until: Callable[[Callable[[], Any]], Any],
    alarm: str,
    fine: Sequence[Measurement],
    wrong: Sequence[Measurement],
) -> None:
    topic, messages = watched.topic(alarm)
    put = {**alarms[alarm], "AlarmActions": [topic]}
    watched.client.put_metric_alarm(AlarmName=alarm, **put)
    for measurement in fine:
        watched.metrics.add(*measurement)
    watched.moves(alarm, "OK")
    now = int(watched.clock.now().timestamp())
    for minute in range(20):  # the coming ones too: one is over in a moment
        for namespace, name, value, unit, dimensions in wrong:
            samples = Samples()
            samples.add(value)
            watched.metrics.put(Metric.of(namespace, name, dimensions), unit, now - now % 60 + minute * 60, samples)
    fired = watched.moves(alarm, "OK", "ALARM")
    assert fired["stateReason"].startswith(f"Threshold Crossed: {put['EvaluationPeriods']} datapoint")
    [notification] = until(messages)
    told = json.loads(notification["Message"])
    assert (told["AlarmName"], told["NewStateValue"], told["OldStateValue"]) == (alarm, "ALARM", "OK")
    assert told["AlarmDescription"] == put["AlarmDescription"]
    watched.moves(alarm, "OK", "ALARM", "OK")
