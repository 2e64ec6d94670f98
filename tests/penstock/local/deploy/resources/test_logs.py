import json
from typing import Any

from botocore.awsrequest import AWSResponse

from penstock.local.deploy.resources.logs import transformation


def group(**properties: Any) -> dict[str, Any]:
    return {"Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/aws/lambda/hook", **properties}}}


def described(account: Any) -> dict[str, Any]:
    [found] = account.client("logs").describe_log_groups()["logGroups"]
    return dict(found)


def test_a_log_group_has_its_name_and_retention(account: Any) -> None:
    arn = {"Arn": {"Value": {"Fn::GetAtt": ["Group", "Arn"]}}}
    stack = account.deploy(group(RetentionInDays=30), Outputs=arn)
    found = described(account)
    assert (found["logGroupName"], found["retentionInDays"]) == ("/aws/lambda/hook", 30)
    assert found["arn"] == stack.outputs["Arn"]


def test_retention_is_changed_and_taken_away(account: Any) -> None:
    account.deploy(group(RetentionInDays=30))
    account.deploy(group(RetentionInDays=365))
    assert described(account)["retentionInDays"] == 365
    account.deploy(group())
    assert "retentionInDays" not in described(account)


def test_a_metric_filter_is_put_changed_and_removed(account: Any) -> None:
    def metric_filter(value: str) -> dict[str, Any]:
        transformation = {
            "DefaultValue": "0",
            "MetricName": "Rows",
            "MetricNamespace": "Penstock",
            "MetricValue": value,
            "Unit": "Count",
        }
        properties = {
            "FilterName": "rows",
            "FilterPattern": "[rows]",
            "LogGroupName": {"Ref": "Group"},
            "MetricTransformations": [transformation],
        }
        return group() | {"Filter": {"Type": "AWS::Logs::MetricFilter", "Properties": properties}}

    logs = account.client("logs")
    account.deploy(metric_filter("1"))
    account.deploy(metric_filter("2"))
    [found] = logs.describe_metric_filters()["metricFilters"]
    assert (found["filterName"], found["logGroupName"]) == ("rows", "/aws/lambda/hook")
    assert found["metricTransformations"][0]["metricValue"] == "2"
    assert found["metricTransformations"][0]["defaultValue"] == 0.0
    account.deploy(group())
    assert logs.describe_metric_filters()["metricFilters"] == []


def test_a_dimension_of_a_metric_filter_is_by_its_name() -> None:
    given = {"MetricName": "Rows", "Dimensions": [{"Key": "Part", "Value": "$part"}]}
    assert transformation(given) == {"metricName": "Rows", "dimensions": {"Part": "$part"}}


def test_a_resource_policy_is_put_and_removed(account: Any) -> None:
    def policy(sid: str) -> dict[str, Any]:
        text = json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": sid}]})
        properties = {"PolicyName": "events", "PolicyDocument": text}
        return {"Policy": {"Type": "AWS::Logs::ResourcePolicy", "Properties": properties}}

    logs = account.client("logs")
    account.deploy(policy("First"))
    account.deploy(policy("Second"))
    [found] = logs.describe_resource_policies()["resourcePolicies"]
    assert json.loads(found["policyDocument"])["Statement"][0]["Sid"] == "Second"
    account.deployer.destroy("dev-app")
    assert logs.describe_resource_policies()["resourcePolicies"] == []


def test_a_key_of_a_group_is_given_and_taken_away(account: Any) -> None:
    asked: list[str] = []

    def served(model: Any, **_: Any) -> Any:
        asked.append(model.name)
        return AWSResponse("", 200, {}, None), {}  # moto does not serve it

    events = account.client("logs").meta.events
    account.deploy(group())
    for operation in ("AssociateKmsKey", "DisassociateKmsKey"):
        events.register(f"before-call.logs.{operation}", served, operation)
    account.deploy(group(KmsKeyId="arn:aws:kms:us-east-1:123456789012:key/k"))
    account.deploy(group())
    for operation in ("AssociateKmsKey", "DisassociateKmsKey"):
        events.unregister(f"before-call.logs.{operation}", unique_id=operation)
    assert asked == ["AssociateKmsKey", "DisassociateKmsKey"]
