import json
from typing import Any

import pytest

from penstock.errors import DeployError

PATTERN = {"source": ["aws.states"], "detail": {"status": ["FAILED"]}}
HOOK = "arn:aws:lambda:us-east-1:123456789012:function:after-failure"


def rule(targets: list[str], **properties: Any) -> dict[str, Any]:
    given = {"EventPattern": PATTERN, "Targets": [{"Id": name, "Arn": HOOK} for name in targets]} | properties
    return {"Rule": {"Type": "AWS::Events::Rule", "Properties": given}}


def targets_of(account: Any, name: str) -> list[str]:
    return [target["Id"] for target in account.client("events").list_targets_by_rule(Rule=name)["Targets"]]


def test_every_property_of_a_rule_is_applied(account: Any) -> None:
    arn = {"Arn": {"Value": {"Fn::GetAtt": ["Rule", "Arn"]}}}
    retry = {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 20}
    hook = {"Id": "Hook", "Arn": HOOK, "RetryPolicy": retry}
    stack = account.deploy(rule([], Description="Reports", Targets=[hook]), Outputs=arn)
    [found] = account.client("events").list_rules()["Rules"]
    assert (found["Description"], found["State"], found["Arn"]) == ("Reports", "ENABLED", stack.outputs["Arn"])
    assert json.loads(found["EventPattern"]) == PATTERN
    [target] = account.client("events").list_targets_by_rule(Rule=found["Name"])["Targets"]
    assert target == hook


def test_changed_targets_are_put_and_removed_in_place(account: Any) -> None:
    account.deploy(rule(["First", "Second"]))
    stack = account.deploy(rule(["Second", "Third"]))
    assert account.mutations == ["events:PutTargets", "events:RemoveTargets"]
    assert targets_of(account, stack.resources["Rule"].handle.id) == ["Second", "Third"]


def test_a_changed_pattern_keeps_the_targets(account: Any) -> None:
    account.deploy(rule(["Hook"]))
    stack = account.deploy(rule(["Hook"], EventPattern={"source": ["aws.s3"]}))
    assert account.mutations == ["events:PutRule"]
    assert targets_of(account, stack.resources["Rule"].handle.id) == ["Hook"]


def test_a_target_that_is_refused_fails_the_deployment(account: Any) -> None:
    account.client("events").meta.events.register("after-call.events.PutTargets", refuse, "refuse")
    with pytest.raises(DeployError, match=r"Resources\.Rule: .*targets were refused: .*Hook"):
        account.deploy(rule(["Hook"]))
    account.client("events").meta.events.unregister("after-call.events.PutTargets", unique_id="refuse")
    assert account.client("events").list_rules()["Rules"] == []


def refuse(parsed: dict[str, Any], **_: Any) -> None:
    parsed.update(FailedEntryCount=1, FailedEntries=[{"TargetId": "Hook", "ErrorCode": "ManagedRuleException"}])


def test_a_rule_is_removed_with_its_targets(account: Any) -> None:
    account.deploy(rule(["Hook"]))
    account.deployer.destroy("dev-app")
    assert account.client("events").list_rules()["Rules"] == []


def test_a_schedule_and_what_a_target_gets_are_applied(account: Any) -> None:
    transformed = {
        "Id": "Queue",
        "Arn": "arn:aws:sqs:us-east-1:123456789012:data.fifo",
        "DeadLetterConfig": {"Arn": "arn:aws:sqs:us-east-1:123456789012:dead"},
        "InputTransformer": {"InputPathsMap": {"name": "$.detail.name"}, "InputTemplate": '"<name>"'},
        "SqsParameters": {"MessageGroupId": "data"},
    }
    machine = {
        "Id": "Machine",
        "Arn": "arn:aws:states:us-east-1:123456789012:stateMachine:dev-bigmart",
        "Input": '{"data": null}',
        "RoleArn": "arn:aws:iam::123456789012:role/events",
    }
    targets = [transformed, machine, {"Id": "Hook", "Arn": HOOK, "InputPath": "$.detail"}]
    properties = {"Name": "dev-retrain", "ScheduleExpression": "rate(7 days)", "State": "DISABLED", "Targets": targets}
    account.deploy({"Rule": {"Type": "AWS::Events::Rule", "Properties": properties}})
    found = account.client("events").describe_rule(Name="dev-retrain")
    assert (found["ScheduleExpression"], found["State"]) == ("rate(7 days)", "DISABLED")
    assert account.client("events").list_targets_by_rule(Rule="dev-retrain")["Targets"] == targets


def test_a_rule_may_be_of_a_bus_of_the_stack(account: Any) -> None:
    resources = rule(["Hook"], EventBusName={"Ref": "Bus"})
    resources["Bus"] = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "dev-bus"}}
    outputs = {"Rule": {"Value": {"Ref": "Rule"}}, "Arn": {"Value": {"Fn::GetAtt": ["Rule", "Arn"]}}}
    stack = account.deploy(resources, Outputs=outputs)
    events = account.client("events")
    [found] = events.list_rules(EventBusName="dev-bus")["Rules"]
    assert stack.outputs == {"Rule": f"dev-bus|{found['Name']}", "Arn": found["Arn"]}
    assert [t["Id"] for t in events.list_targets_by_rule(Rule=found["Name"], EventBusName="dev-bus")["Targets"]] == [
        "Hook"
    ]
    account.deployer.destroy("dev-app")
    assert [bus["Name"] for bus in events.list_event_buses()["EventBuses"]] == ["default"]
