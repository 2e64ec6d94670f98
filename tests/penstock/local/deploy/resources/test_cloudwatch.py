from typing import Any

TOPIC = "arn:aws:sns:us-east-1:123456789012:topic"
METRIC = {
    "Namespace": "AWS/States",
    "MetricName": "ExecutionsFailed",
    "Dimensions": [{"Name": "StateMachineArn", "Value": "arn"}],
}
PROPERTIES = {
    "AlarmActions": [TOPIC],
    "AlarmDescription": "An execution failed.",
    "ComparisonOperator": "GreaterThanThreshold",
    "EvaluationPeriods": 1,
    "Metrics": [
        {"Id": "result", "Expression": "2 * failed", "Label": "Failed", "ReturnData": True},
        {"Id": "failed", "MetricStat": {"Metric": METRIC, "Period": 300, "Stat": "Sum"}, "ReturnData": False},
    ],
    "Threshold": 1,
    "TreatMissingData": "notBreaching",
}


def alarm(**changes: Any) -> dict[str, Any]:
    return {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": PROPERTIES | changes}}


def described(account: Any) -> dict[str, Any]:
    [found] = account.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return dict(found)


def test_every_property_of_an_alarm_is_applied(account: Any) -> None:
    account.deploy(alarm())
    found = described(account)
    assert found["AlarmName"].startswith("dev-app-Alarm-")
    assert {name: found[name] for name in PROPERTIES} == PROPERTIES


def test_an_alarm_is_changed_in_place(account: Any) -> None:
    account.deploy(alarm())
    name = described(account)["AlarmName"]
    account.deploy(alarm(Threshold=5))
    assert account.mutations == ["cloudwatch:PutMetricAlarm"]
    assert (described(account)["AlarmName"], described(account)["Threshold"]) == (name, 5)
