from typing import Any

import pytest

from penstock.errors import DeployError

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def document(action: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


def resources(*, action: str = "s3:GetObject", description: str = "Reads", trust: Any = TRUST) -> dict[str, Any]:
    policy = {"Description": description, "PolicyDocument": document(action)}
    role = {"RoleName": "dev-worker", "AssumeRolePolicyDocument": trust, "ManagedPolicyArns": [{"Ref": "Policy"}]}
    return {
        "Policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": policy},
        "Role": {"Type": "AWS::IAM::Role", "Properties": role},
    }


def attached(account: Any) -> list[str]:
    found = account.client("iam").list_attached_role_policies(RoleName="dev-worker")["AttachedPolicies"]
    return [policy["PolicyArn"] for policy in found]


def policies(account: Any) -> list[dict[str, Any]]:
    return list(account.client("iam").list_policies(Scope="Local")["Policies"])


def test_a_role_has_its_trust_and_its_policies(account: Any) -> None:
    stack = account.deploy(resources(), Outputs={"Arn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}})
    role = account.client("iam").get_role(RoleName="dev-worker")["Role"]
    assert (role["Arn"], role["AssumeRolePolicyDocument"]) == (stack.outputs["Arn"], TRUST)
    [policy] = policies(account)
    assert attached(account) == [policy["Arn"]]


def test_a_managed_policy_has_its_document_and_description(account: Any) -> None:
    account.deploy(resources())
    iam = account.client("iam")
    policy = iam.get_policy(PolicyArn=policies(account)[0]["Arn"])["Policy"]
    version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])["PolicyVersion"]
    assert (policy["Description"], version["Document"]) == ("Reads", document("s3:GetObject"))


def test_a_changed_document_becomes_the_only_version(account: Any) -> None:
    account.deploy(resources())
    account.deploy(resources(action="s3:PutObject"))
    iam, arn = account.client("iam"), attached(account)[0]
    [version] = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    found = iam.get_policy_version(PolicyArn=arn, VersionId=version["VersionId"])["PolicyVersion"]
    assert (found["IsDefaultVersion"], found["Document"]) == (True, document("s3:PutObject"))


def test_a_replaced_policy_takes_the_place_of_the_former_one(account: Any) -> None:
    account.deploy(resources())
    account.deploy(resources(description="Writes"))
    [policy] = policies(account)
    assert attached(account) == [policy["Arn"]]
    assert account.client("iam").get_policy(PolicyArn=policy["Arn"])["Policy"]["Description"] == "Writes"


def test_a_changed_trust_is_applied_in_place(account: Any) -> None:
    account.deploy(resources())
    account.deploy(resources(trust=TRUST | {"Id": "Changed"}))
    assert account.mutations == ["iam:UpdateAssumeRolePolicy"]
    role = account.client("iam").get_role(RoleName="dev-worker")["Role"]
    assert role["AssumeRolePolicyDocument"]["Id"] == "Changed"


def test_a_role_is_removed_with_its_policies(account: Any) -> None:
    account.deploy(resources())
    account.deployer.destroy("dev-app")
    assert policies(account) == []
    assert account.client("iam").list_roles()["Roles"] == []


def test_a_failed_deployment_removes_a_role_before_its_policies(account: Any) -> None:
    broken = {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": "soon"}}
    with pytest.raises(DeployError) as caught:
        account.deploy({**resources(), "Broken": broken})
    assert "the way back failed" not in str(caught.value)
    assert policies(account) == []
    assert account.client("iam").list_roles()["Roles"] == []


def role(**properties: Any) -> dict[str, Any]:
    required = {"RoleName": "dev-worker", "AssumeRolePolicyDocument": TRUST}
    return {"Role": {"Type": "AWS::IAM::Role", "Properties": required | properties}}


def inline(name: str, action: str = "s3:GetObject") -> dict[str, Any]:
    return {"PolicyName": name, "PolicyDocument": document(action)}


def test_every_property_of_a_role_is_applied_and_taken_away(account: Any) -> None:
    full = {
        "Description": "Works",
        "MaxSessionDuration": 7200,
        "PermissionsBoundary": "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "Policies": [inline("First"), inline("Second")],
    }
    iam = account.client("iam")
    account.deploy(role(**full))
    found = iam.get_role(RoleName="dev-worker")["Role"]
    assert (found["Description"], found["MaxSessionDuration"]) == ("Works", 7200)
    assert found["PermissionsBoundary"]["PermissionsBoundaryArn"] == full["PermissionsBoundary"]
    assert iam.list_role_policies(RoleName="dev-worker")["PolicyNames"] == ["First", "Second"]
    account.deploy(role(Policies=[inline("Second", "s3:PutObject")]))
    found = iam.get_role(RoleName="dev-worker")["Role"]
    assert (found["Description"], found["MaxSessionDuration"]) == ("", 3600)
    assert "PermissionsBoundary" not in found
    assert iam.list_role_policies(RoleName="dev-worker")["PolicyNames"] == ["Second"]
    policy = iam.get_role_policy(RoleName="dev-worker", PolicyName="Second")["PolicyDocument"]
    assert policy == document("s3:PutObject")
    account.deployer.destroy("dev-app")
    assert iam.list_roles()["Roles"] == []


def test_a_path_is_part_of_the_arns(account: Any) -> None:
    policy = {"Path": "/team/", "ManagedPolicyName": "reads", "PolicyDocument": document("s3:GetObject")}
    resources = role(Path="/team/") | {"Policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": policy}}
    outputs = {"Role": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}, "Policy": {"Value": {"Ref": "Policy"}}}
    stack = account.deploy(resources, Outputs=outputs)
    assert stack.outputs == {
        "Role": "arn:aws:iam::123456789012:role/team/dev-worker",
        "Policy": "arn:aws:iam::123456789012:policy/team/reads",
    }
    assert policies(account)[0]["Arn"] == stack.outputs["Policy"]


def test_an_inline_policy_follows_its_roles_and_its_name(account: Any) -> None:
    def policy(name: str, *roles: str) -> dict[str, Any]:
        properties = inline(name) | {"Roles": list(roles)}
        return {"Policy": {"Type": "AWS::IAM::Policy", "Properties": properties}}

    def names() -> list[list[str]]:
        return [iam.list_role_policies(RoleName=name)["PolicyNames"] for name in ("first", "second")]

    iam = account.client("iam")
    for name in ("first", "second"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    account.deploy(policy("Reads", "first"))
    assert names() == [["Reads"], []]
    account.deploy(policy("Reads", "second"))
    assert names() == [[], ["Reads"]]
    account.deploy(policy("Sees", "second"))
    assert names() == [[], ["Sees"]]
    account.deployer.destroy("dev-app")
    assert names() == [[], []]
