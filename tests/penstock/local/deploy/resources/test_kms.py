import json
from typing import Any

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "First", "Effect": "Allow", "Principal": "*", "Action": "kms:*"}],
}


def key(**properties: Any) -> dict[str, Any]:
    return {"Key": {"Type": "AWS::KMS::Key", "Properties": properties}}


def outputs() -> dict[str, Any]:
    return {"Arn": {"Value": {"Fn::GetAtt": ["Key", "Arn"]}}, "Id": {"Value": {"Ref": "Key"}}}


def test_every_property_of_a_key_is_applied(account: Any) -> None:
    stack = account.deploy(key(Description="Data", EnableKeyRotation=True, KeyPolicy=POLICY), Outputs=outputs())
    kms, where = account.client("kms"), {"KeyId": stack.outputs["Id"]}
    metadata = kms.describe_key(**where)["KeyMetadata"]
    assert (metadata["Description"], metadata["Arn"]) == ("Data", stack.outputs["Arn"])
    assert kms.get_key_rotation_status(**where)["KeyRotationEnabled"]
    assert json.loads(kms.get_key_policy(**where, PolicyName="default")["Policy"]) == POLICY


def test_a_key_is_changed_in_place(account: Any) -> None:
    account.deploy(key(Description="Data", EnableKeyRotation=True, KeyPolicy=POLICY))
    changed = POLICY | {"Id": "Changed"}
    stack = account.deploy(key(Description="All", KeyPolicy=changed), Outputs=outputs())
    kms, where = account.client("kms"), {"KeyId": stack.outputs["Id"]}
    assert "kms:CreateKey" not in account.calls
    assert kms.describe_key(**where)["KeyMetadata"]["Description"] == "All"
    assert not kms.get_key_rotation_status(**where)["KeyRotationEnabled"]
    assert json.loads(kms.get_key_policy(**where, PolicyName="default")["Policy"])["Id"] == "Changed"


def test_a_removed_key_is_scheduled_for_deletion(account: Any) -> None:
    stack = account.deploy(key(), Outputs=outputs())
    account.deployer.destroy("dev-app")
    state = account.client("kms").describe_key(KeyId=stack.outputs["Id"])["KeyMetadata"]["KeyState"]
    assert state == "PendingDeletion"


def test_a_key_is_disabled_and_its_policy_is_the_default_again(account: Any) -> None:
    account.deploy(key(KeyPolicy=POLICY))
    stack = account.deploy(key(Enabled=False), Outputs=outputs())
    kms, where = account.client("kms"), {"KeyId": stack.outputs["Id"]}
    assert kms.describe_key(**where)["KeyMetadata"]["KeyState"] == "Disabled"
    policy = json.loads(kms.get_key_policy(**where, PolicyName="default")["Policy"])
    assert policy["Statement"][0]["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}


def test_an_alias_follows_its_key(account: Any) -> None:
    def alias(target: str) -> dict[str, Any]:
        properties = {"AliasName": "alias/data", "TargetKeyId": {"Ref": target}}
        other = {"Other": {"Type": "AWS::KMS::Key"}}
        return key() | other | {"Alias": {"Type": "AWS::KMS::Alias", "Properties": properties}}

    stack = account.deploy(alias("Key"))
    kms = account.client("kms")
    assert kms.describe_key(KeyId="alias/data")["KeyMetadata"]["KeyId"] == stack.resources["Key"].handle.id
    stack = account.deploy(alias("Other"))
    assert kms.describe_key(KeyId="alias/data")["KeyMetadata"]["KeyId"] == stack.resources["Other"].handle.id
    account.deployer.destroy("dev-app")
    assert "alias/data" not in [entry["AliasName"] for entry in kms.list_aliases()["Aliases"]]
