import json
from pathlib import Path
from typing import Any

import pytest

from penstock.errors import DeployError
from penstock.local.clients import Clients, Credentials
from penstock.local.deploy.deployer import Deployer
from penstock.local.store import Store

GROUP = "AWS::Logs::LogGroup"


def group(days: Any = 30, name: str = "/dev", **attributes: Any) -> dict[str, Any]:
    return {"Type": GROUP, "Properties": {"LogGroupName": name, "RetentionInDays": days}, **attributes}


def export(value: Any, name: str = "dev-platform:Topic") -> dict[str, Any]:
    return {"Topic": {"Value": value, "Export": {"Name": name}}}


def importing(name: str = "dev-platform:Topic") -> dict[str, Any]:
    properties = {"TopicArn": {"Fn::ImportValue": name}, "Protocol": "email", "Endpoint": "a@example.com"}
    return {"Email": {"Type": "AWS::SNS::Subscription", "Properties": properties}}


def groups(account: Any) -> dict[str, int]:
    found = account.client("logs").describe_log_groups()["logGroups"]
    return {entry["logGroupName"]: entry["retentionInDays"] for entry in found}


TOPIC = {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "Penstock"}}}
PLATFORM: dict[str, Any] = {"stack": "dev-platform", "Outputs": export({"Ref": "Topic"})}


def test_a_stack_becomes_resources_and_outputs(account: Any) -> None:
    outputs = {
        "Name": {"Value": {"Ref": "Group"}},
        "Where": {"Value": {"Fn::Sub": "${AWS::StackName} in ${AWS::Region}"}},
    }
    stack = account.deploy({"Group": group()}, Outputs=outputs)
    assert groups(account) == {"/dev": 30}
    assert stack.outputs == {"Name": "/dev", "Where": "dev-app in us-east-1"}
    assert [entry.type for entry in stack.resources.values()] == [GROUP]


def test_a_parameter_is_given_to_the_stacks_that_declare_it(account: Any) -> None:
    account.deploy({"Other": group(1, "/other")}, stack="dev-other", parameters={"Days": "7"})
    parameters = {"Days": {"Type": "Number", "Default": 30}}
    outputs = {"Days": {"Value": {"Ref": "Days"}}}
    stack = account.deploy({"Group": group()}, parameters={"Days": "7"}, Parameters=parameters, Outputs=outputs)
    assert stack.outputs["Days"] == "7"


def test_a_second_deployment_of_the_same_changes_nothing(account: Any) -> None:
    resources = {"Group": group(), **TOPIC}
    first = account.deploy(resources)
    second = account.deploy(resources)
    assert account.mutations == []
    assert second == first


def test_a_changed_property_updates_that_resource_alone(account: Any) -> None:
    account.deploy({"Group": group(30), "Other": group(30, "/other"), **TOPIC})
    account.deploy({"Group": group(7), "Other": group(30, "/other"), **TOPIC})
    assert account.mutations == ["logs:PutRetentionPolicy"]
    assert groups(account) == {"/dev": 7, "/other": 30}


def test_what_is_gone_from_the_template_is_removed(account: Any) -> None:
    account.deploy({"Group": group(), "Other": group(7, "/other")})
    account.deploy({"Other": group(7, "/other")})
    assert groups(account) == {"/other": 7}


def test_what_is_retained_stays_when_it_is_gone_from_the_template(account: Any) -> None:
    account.deploy({"Group": group(DeletionPolicy="Retain"), **TOPIC})
    account.deploy(TOPIC)
    assert groups(account) == {"/dev": 30}


@pytest.mark.parametrize(("policy", "kept"), [("Delete", ["/new"]), ("Retain", ["/dev", "/new"])])
def test_a_replaced_resource_is_removed_or_retained(account: Any, policy: str, kept: list[str]) -> None:
    account.deploy({"Group": group()})
    account.deploy({"Group": group(name="/new", UpdateReplacePolicy=policy)})
    assert list(groups(account)) == kept


def test_a_new_type_replaces_the_resource(account: Any) -> None:
    account.deploy({"Thing": group()})
    stack = account.deploy({"Thing": TOPIC["Topic"]})
    assert groups(account) == {}
    assert stack.resources["Thing"].type == "AWS::SNS::Topic"


def test_a_replacement_that_keeps_its_name_is_refused(account: Any) -> None:
    def repository(kind: str) -> dict[str, Any]:
        properties = {"RepositoryName": "dev-forest", "EncryptionConfiguration": {"EncryptionType": kind}}
        return {"Forest": {"Type": "AWS::ECR::Repository", "Properties": properties}}

    account.deploy(repository("AES256"))
    with pytest.raises(
        DeployError, match=r"Resources\.Forest: .*RepositoryName 'dev-forest' is taken .*Change Reposit"
    ):
        account.deploy(repository("KMS"))
    assert account.mutations == []


def test_a_generated_name_is_the_same_every_time_and_another_one_for_a_replacement(account: Any) -> None:
    def name(stack: Any) -> str:
        return str(stack.resources["Rule"].handle.id)

    rule = {"Rule": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": ["aws.s3"]}}}}
    first = name(account.deploy(rule))
    assert first == "dev-app-Rule-OFA2GEZ4OOJB"
    account.deploy(TOPIC)
    second = name(account.deploy(rule))
    assert second.startswith("dev-app-Rule-")
    assert second != first


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        ({"Type": "AWS::EC2::VPC"}, r"dev-app: Resources\.Bad\.Type: the local cloud does not deploy 'AWS::EC2::VPC'"),
        (
            {"Type": GROUP, "Properties": {"FieldIndexPolicies": []}},
            r"dev-app: Resources\.Bad\.Properties\.FieldIndexPolicies: .*does not apply",
        ),
        (
            {"Type": "AWS::S3::Bucket", "Properties": {"VersioningConfiguration": {"Mode": "On"}}},
            r"Resources\.Bad\.Properties\.VersioningConfiguration\.Mode: .* Applied here: Status",
        ),
        (
            {"Type": GROUP, "Properties": {"LogGroupName": ["a"]}},
            r"LogGroupName: expected a single value, found \['a'\]",
        ),
        ({"Type": "AWS::SNS::TopicPolicy", "Properties": {"PolicyDocument": {}}}, "Topics is missing; AWS::SNS::Topic"),
        ({"Type": GROUP, "Properties": {"LogGroupName": {"Ref": "No"}}}, r"Bad\.Properties\.LogGroupName\.Ref: 'No'"),
        ({"Type": GROUP, "Properties": {"LogGroupName": {"Fn::GetAtt": ["Group", "Size"]}}}, "no attribute 'Size'"),
        ({"Type": GROUP, "DependsOn": "Bad"}, "in a circle: Bad → Bad"),
    ],
)
def test_what_is_not_known_is_refused_before_anything_is_touched(account: Any, resource: Any, message: str) -> None:
    with pytest.raises(DeployError, match=message):
        account.deploy({"Group": group(), "Bad": resource})
    assert account.calls == []


def test_a_missing_parameter_is_refused_before_anything_is_touched(account: Any) -> None:
    with pytest.raises(DeployError, match=r"dev-app: Parameters\.Days: it has no default"):
        account.deploy({"Group": group()}, Parameters={"Days": {"Type": "Number"}})
    assert account.calls == []


def test_a_wrong_stack_keeps_every_stack_from_being_touched(account: Any) -> None:
    account.deploy(TOPIC, stack="dev-platform")
    with pytest.raises(DeployError, match="dev-app"):
        account.deploy({"Bad": {"Type": "AWS::EC2::VPC"}})
    assert account.calls == []


def test_a_failed_creation_leaves_nothing_behind(account: Any) -> None:
    account.client("logs").create_log_group(logGroupName="/taken")
    account.client("logs").put_retention_policy(logGroupName="/taken", retentionInDays=1)
    with pytest.raises(DeployError, match=r"dev-app: Resources\.Taken: AWS::Logs::LogGroup: /taken already exists"):
        account.deploy({**TOPIC, "Group": group(), "Taken": group(name="/taken")})
    assert groups(account) == {"/taken": 1}
    assert account.client("sns").list_topics()["Topics"] == []


def test_a_resource_that_fails_half_made_is_removed_too(account: Any) -> None:
    with pytest.raises(DeployError, match=r"(?s)Resources\.Group: .*Invalid type for parameter retentionInDays"):
        account.deploy({"Group": group("soon")})
    assert groups(account) == {}


def test_a_failed_update_restores_the_former_properties(account: Any) -> None:
    account.deploy({"Group": group(30), **TOPIC})
    with pytest.raises(DeployError, match=r"Resources\.Bad"):
        account.deploy({"Group": group(7), "New": group(7, "/new"), "Bad": group("soon", "/bad"), **TOPIC})
    assert groups(account) == {"/dev": 30}
    account.deploy({"Group": group(30), **TOPIC})
    assert account.mutations == []


def test_a_failed_deployment_can_be_followed_by_a_good_one(account: Any) -> None:
    with pytest.raises(DeployError):
        account.deploy({"Group": group(), "Bad": group("soon", "/bad")})
    account.deploy({"Group": group()})
    assert groups(account) == {"/dev": 30}


def test_what_cannot_be_put_back_is_named(account: Any) -> None:
    account.deploy({"Group": group(30)})
    logs = account.client("logs")

    def fail(params: dict[str, Any], **_: Any) -> None:
        params["retentionInDays"] = "soon"

    logs.meta.events.register("provide-client-params.logs.PutRetentionPolicy", fail, "fail")
    with pytest.raises(
        DeployError, match=r"(?s)Resources\.Group: .*And the way back failed:.*Group could not be put back"
    ):
        account.deploy({"Group": group(7)})
    logs.meta.events.unregister("provide-client-params.logs.PutRetentionPolicy", unique_id="fail")


def test_an_export_is_what_another_stack_imports(account: Any) -> None:
    account.deploy(TOPIC, **PLATFORM)
    account.deploy(importing())
    [topic] = account.client("sns").list_topics()["Topics"]
    [found] = account.client("sns").list_subscriptions()["Subscriptions"]
    assert found["TopicArn"] == topic["TopicArn"]


def test_an_import_of_what_nobody_exports_is_refused(account: Any) -> None:
    with pytest.raises(DeployError, match=r"Resources\.Email\.Properties\.TopicArn\.Fn::ImportValue: no stack exports"):
        account.deploy(importing())


@pytest.mark.parametrize(
    ("outputs", "verb"), [({}, "removed"), (export("arn:aws:sns:us-east-1:123456789012:other"), "changed")]
)
def test_an_export_in_use_can_be_neither_removed_nor_changed(account: Any, outputs: Any, verb: str) -> None:
    account.deploy(TOPIC, **PLATFORM)
    account.deploy(importing())
    changed = {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "Changed"}}}
    with pytest.raises(DeployError, match=f"'dev-platform:Topic' cannot be {verb}: dev-app imports it"):
        account.deploy(changed, stack="dev-platform", Outputs=outputs)
    topic = account.client("sns").list_topics()["Topics"][0]["TopicArn"]
    assert account.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"] == "Penstock"


def test_an_export_that_nobody_imports_any_more_can_go(account: Any) -> None:
    account.deploy(TOPIC, **PLATFORM)
    account.deploy(importing())
    account.deploy({"Group": group()})
    assert account.deploy({"Group": group(7, "/platform")}, stack="dev-platform").exports == {}


def test_two_stacks_cannot_export_the_same_name(account: Any) -> None:
    account.deploy(TOPIC, **PLATFORM)
    with pytest.raises(DeployError, match="dev-app: another stack exports dev-platform:Topic already"):
        account.deploy({"Group": group()}, Outputs=export("x"))
    assert groups(account) == {}


def test_a_destroyed_stack_leaves_what_is_retained(account: Any) -> None:
    account.deploy({"Group": group(), "Kept": group(7, "/kept", DeletionPolicy="RetainExceptOnCreate"), **TOPIC})
    account.deployer.destroy("dev-app")
    assert groups(account) == {"/kept": 7}
    assert account.client("sns").list_topics()["Topics"] == []


def test_a_stack_that_another_one_imports_from_cannot_be_destroyed(account: Any) -> None:
    account.deploy(TOPIC, **PLATFORM)
    account.deploy(importing())
    with pytest.raises(DeployError, match="cannot be removed: dev-app imports it"):
        account.deployer.destroy("dev-platform")


def test_what_cannot_be_removed_is_named_and_the_stack_stays(account: Any) -> None:
    stack = account.deploy({"Data": {"Type": "AWS::S3::Bucket"}, **TOPIC})
    where = {"Bucket": stack.resources["Data"].handle.id, "Key": "a"}
    account.client("s3").put_object(**where)
    with pytest.raises(DeployError, match=r"dev-app: Resources\.Data could not be removed: .*BucketNotEmpty"):
        account.deployer.destroy("dev-app")
    account.client("s3").delete_object(**where)
    account.deployer.destroy("dev-app")
    assert [b["Name"] for b in account.client("s3").list_buckets()["Buckets"]] == [
        "cdk-hnb659fds-assets-123456789012-us-east-1"
    ]


def test_an_unknown_stack_cannot_be_destroyed(account: Any) -> None:
    with pytest.raises(DeployError, match=r"dev-app: there is no such stack\. Deployed: none\."):
        account.deployer.destroy("dev-app")


def test_a_stack_for_another_account_is_refused(account: Any, tmp_path: Path) -> None:
    account.deploy({"Group": group()})
    manifest = tmp_path / "cdk.out" / "assembly-dev" / "manifest.json"
    content = json.loads(manifest.read_text())
    content["artifacts"]["dev-app"]["environment"] = "aws://111122223333/us-east-1"
    manifest.write_text(json.dumps(content))
    with pytest.raises(DeployError, match="it is for 111122223333 in us-east-1, and this cloud is 123456789012 in"):
        account.deployer.deploy(tmp_path / "cdk.out", "dev", {})


def test_assets_that_cannot_be_published_are_an_error(account: Any, tmp_path: Path) -> None:
    account.deploy({"Group": group()})
    nobody = Credentials("nobody", "secret")
    closed = Clients(url="http://localhost:1", account=account.clients.account, region="us-east-1", operator=nobody)
    with pytest.raises(DeployError, match="the assets could not be published: Could not connect"):
        Deployer(clients=closed, store=Store()).deploy(tmp_path / "cdk.out", "dev", {})


def test_a_protected_stack_is_not_destroyed(account: Any, tmp_path: Path) -> None:
    account.deploy({"Group": group()})
    manifest = tmp_path / "cdk.out" / "assembly-dev" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"tags": {}', '"terminationProtection": true'))
    account.deployer.deploy(tmp_path / "cdk.out", "dev", {})
    with pytest.raises(DeployError, match=r"Stack \[dev-app\] cannot be deleted while Termination"):
        account.deployer.destroy("dev-app")
    assert groups(account) == {"/dev": 30}
