from typing import Any

import pytest

from penstock.errors import DeployError

TRUST = {"Version": "2012-10-17", "Statement": []}


def topic(name: str = "Penstock", **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": name} | properties}


def email(address: str = "a@example.com", topic_arn: Any = None, **attributes: Any) -> dict[str, Any]:
    properties = {"Endpoint": address, "Protocol": "email", "TopicArn": topic_arn or {"Ref": "Topic"}}
    return {"Type": "AWS::SNS::Subscription", "Properties": properties, **attributes}


def changes(account: Any, resources: dict[str, Any], **sections: Any) -> list[Any]:
    """What becomes of each resource of a stack, without deploying it."""
    account.add("dev-app", resources, **sections)
    account.calls.clear()
    [found] = account.deployer.diff(account.write({}), "dev", {})
    assert account.calls == []
    return list(found.resources)


def test_a_new_stack_is_all_additions(account: Any) -> None:
    account.add("dev-app", {"Topic": topic(), "Email": email()}, Outputs={"Arn": {"Value": {"Ref": "Topic"}}})
    [found] = account.deployer.diff(account.write({}), "dev", {})
    assert (found.stack, found.new) == ("dev-app", True)
    assert [(change.logical_id, change.what) for change in found.resources] == [("Topic", "add"), ("Email", "add")]
    [output] = found.outputs
    assert (output.path, output.before, output.after) == ("Arn", None, "${Topic}")


def test_the_same_again_is_no_difference(account: Any) -> None:
    account.deploy({"Topic": topic(), "Email": email()})
    assert changes(account, {"Topic": topic(), "Email": email()}) == []


def test_a_change_in_place_shows_the_property(account: Any) -> None:
    account.deploy({"Topic": topic()})
    [change] = changes(account, {"Topic": topic("Sales")})
    [found] = change.properties
    assert (change.what, found.path, found.before, found.after) == ("change", "DisplayName", "Penstock", "Sales")
    assert change.id.startswith("arn:aws:sns:")


def test_a_replacement_says_why_and_carries_over_to_what_refers_to_it(account: Any) -> None:
    account.deploy({"Topic": topic(), "Email": email()})
    replaced, follows = changes(account, {"Topic": topic(TopicName="news"), "Email": email()})
    assert (replaced.what, replaced.because) == ("replace", ("TopicName",))
    assert (follows.what, follows.because, follows.properties[0].after) == ("replace", ("TopicArn",), "${Topic}")


def test_another_type_is_a_replacement(account: Any) -> None:
    account.deploy({"Thing": topic()})
    [change] = changes(account, {"Thing": {"Type": "AWS::Logs::LogGroup"}})
    assert (change.what, change.type, change.because) == ("replace", "AWS::Logs::LogGroup", ("Type",))


def test_what_goes_is_removed_or_left_behind(account: Any) -> None:
    kept = {"Type": "AWS::Logs::LogGroup", "DeletionPolicy": "Retain"}
    account.deploy({"Topic": topic(), "Kept": kept, "Gone": {"Type": "AWS::Logs::LogGroup"}})
    found = changes(account, {"Topic": topic()})
    assert {change.logical_id: change.what for change in found} == {"Kept": "retain", "Gone": "remove"}


def test_what_takes_apart_a_value_that_comes_later_is_known_later(account: Any) -> None:
    taken = {"Fn::Select": [5, {"Fn::Split": [":", {"Ref": "Topic"}]}]}
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": taken, "RetentionInDays": 7}}
    found = changes(account, {"Topic": topic(), "Group": group})
    assert {value.path: value.after for value in found[1].properties} == {
        "LogGroupName": "(known after the deployment)",
        "RetentionInDays": 7,
    }


def test_what_takes_apart_a_wrong_value_is_an_error(account: Any) -> None:
    taken = {"Fn::Select": [5, ["a"]]}
    with pytest.raises(DeployError, match=r"Resources\.Group\.Properties\.LogGroupName\.Fn::Select"):
        changes(account, {"Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": taken}}})


def test_a_stack_sees_what_the_one_before_it_will_export(account: Any) -> None:
    export = {"Topic": {"Value": {"Ref": "Topic"}, "Export": {"Name": "topic"}}}
    account.add("dev-platform", {"Topic": topic()}, Outputs=export)
    account.add("dev-app", {"Email": email(topic_arn={"Fn::ImportValue": "topic"})})
    _, app = account.deployer.diff(account.write({}), "dev", {})
    assert [value.after for value in app.resources[0].properties if value.path == "TopicArn"] == ["${Topic}"]


def test_statements_that_come_and_go_are_shown(account: Any) -> None:
    def policy(action: str) -> dict[str, Any]:
        statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        properties = {"ManagedPolicyName": "dev", "PolicyDocument": document}
        return {"Policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}}

    account.deploy(policy("s3:GetObject"))
    [change] = changes(account, policy("s3:PutObject"))
    assert [(found.sign, found.actions) for found in change.statements] == [
        ("-", ("s3:GetObject",)),
        ("+", ("s3:PutObject",)),
    ]


def test_tags_of_the_stack_are_compared_too(account: Any) -> None:
    account.deploy({"Topic": topic()})
    [found] = account.deployer.diff(account.write({"owner": "ml"}), "dev", {})
    assert [value.path for value in found.resources[0].properties] == ["Tags"]


def test_an_attribute_that_comes_later_goes_by_its_name(account: Any) -> None:
    named = {"Fn::Sub": "/topics/${Topic.TopicName}"}
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": named}}
    found = changes(account, {"Topic": topic(), "Group": group})
    assert [value.after for value in found[1].properties] == ["/topics/${Topic.TopicName}"]
