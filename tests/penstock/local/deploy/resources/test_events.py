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
