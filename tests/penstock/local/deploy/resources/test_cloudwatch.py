import json
from typing import Any

from botocore.awsrequest import AWSResponse

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


def test_a_named_alarm_of_one_metric_is_applied(account: Any) -> None:
    named = {
        "ActionsEnabled": "false",
        "AlarmName": "dev-errors",
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "DatapointsToAlarm": 2,
        "Dimensions": [{"Name": "FunctionName", "Value": "dev-hook"}],
        "EvaluationPeriods": "3",
        "MetricName": "Errors",
        "Namespace": "AWS/Lambda",
        "OKActions": [TOPIC],
        "Period": 60,
        "Statistic": "Sum",
        "Threshold": "1.5",
        "Unit": "Count",
    }
    outputs = {"Arn": {"Value": {"Fn::GetAtt": ["Alarm", "Arn"]}}}
    stack = account.deploy({"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": named}}, Outputs=outputs)
    found = described(account)
    converted = {"ActionsEnabled": False, "EvaluationPeriods": 3, "Threshold": 1.5}
    assert {name: found[name] for name in named} == named | converted
    assert found["AlarmArn"] == stack.outputs["Arn"]


def test_a_composite_alarm_is_put_as_a_whole(account: Any) -> None:
    asked: list[str] = []

    def put(**_: Any) -> Any:
        return AWSResponse("", 200, {}, None), {}  # moto does not serve it

    def composite(rule: str) -> dict[str, Any]:
        properties = {"AlarmName": "dev-any", "AlarmRule": rule, "AlarmActions": [TOPIC]}
        return {"Any": {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": properties}}

    events, operation = account.client("cloudwatch").meta.events, "cloudwatch.PutCompositeAlarm"
    note = f"provide-client-params.{operation}"
    events.register(note, lambda params, **_: asked.append(params["AlarmRule"]), "note")
    events.register(f"before-call.{operation}", put, "put")
    account.deploy(composite('ALARM("a")'))
    account.deploy(composite('ALARM("b")'))
    events.unregister(f"before-call.{operation}", unique_id="put")
    events.unregister(note, unique_id="note")
    assert asked == ['ALARM("a")', 'ALARM("b")']


def test_a_dashboard_is_put_changed_and_removed(account: Any) -> None:
    def dashboard(title: str) -> dict[str, Any]:
        body = json.dumps({"widgets": [{"type": "text", "properties": {"markdown": title}}]})
        properties = {"DashboardName": "dev", "DashboardBody": body}
        return {"Dashboard": {"Type": "AWS::CloudWatch::Dashboard", "Properties": properties}}

    cloudwatch = account.client("cloudwatch")
    account.deploy(dashboard("First"))
    assert "First" in cloudwatch.get_dashboard(DashboardName="dev")["DashboardBody"]
    account.deploy(dashboard("Second"))
    assert "Second" in cloudwatch.get_dashboard(DashboardName="dev")["DashboardBody"]
    account.deployer.destroy("dev-app")
    assert cloudwatch.list_dashboards()["DashboardEntries"] == []
