from typing import Any


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
