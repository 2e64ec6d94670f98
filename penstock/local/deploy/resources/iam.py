"""AWS::IAM: roles and managed policies."""

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType, document, without
from penstock.local.deploy.resources.shape import JSON, VALUE


def _create_role(role: Handle) -> Physical:
    made = role.client("iam").create_role(
        RoleName=role.properties.get("RoleName", role.name(64)),
        AssumeRolePolicyDocument=document(role.properties["AssumeRolePolicyDocument"]),
    )["Role"]
    return Physical(made["RoleName"], {"Arn": made["Arn"]})


def _configure_role(role: Handle) -> None:
    iam = role.client("iam")
    if role.changed("AssumeRolePolicyDocument"):
        trust = document(role.properties["AssumeRolePolicyDocument"])
        iam.update_assume_role_policy(RoleName=role.id, PolicyDocument=trust)
    before, after = role.former.get("ManagedPolicyArns", []), role.properties.get("ManagedPolicyArns", [])
    for arn in without(after, before):
        iam.attach_role_policy(RoleName=role.id, PolicyArn=arn)
    _detach(role, without(before, after))


def _delete_role(role: Handle) -> None:
    # After a failure not all of its policies need be attached: ask.
    attached = role.client("iam").list_attached_role_policies(RoleName=role.id)["AttachedPolicies"]
    _detach(role, [policy["PolicyArn"] for policy in attached])
    role.client("iam").delete_role(RoleName=role.id)


def _detach(role: Handle, arns: list[str]) -> None:
    for arn in arns:
        role.client("iam").detach_role_policy(RoleName=role.id, PolicyArn=arn)


def _create_policy(policy: Handle) -> Physical:
    made = policy.client("iam").create_policy(
        PolicyName=policy.name(128),
        PolicyDocument=document(policy.properties["PolicyDocument"]),
        **policy.given("Description"),
    )["Policy"]
    return Physical(made["Arn"])


def _configure_policy(policy: Handle) -> None:
    # A policy has at most five versions, and cannot be removed while it has more than one.
    iam = policy.client("iam")
    former = iam.get_policy(PolicyArn=policy.id)["Policy"]["DefaultVersionId"]
    text = document(policy.properties["PolicyDocument"])
    iam.create_policy_version(PolicyArn=policy.id, PolicyDocument=text, SetAsDefault=True)
    iam.delete_policy_version(PolicyArn=policy.id, VersionId=former)


ROLE = ResourceType(
    properties={"AssumeRolePolicyDocument": JSON, "ManagedPolicyArns": [VALUE], "RoleName": VALUE},
    required=("AssumeRolePolicyDocument",),
    create=_create_role,
    configure=_configure_role,
    delete=_delete_role,
    created_with=("AssumeRolePolicyDocument", "RoleName"),
    replaced_by=("RoleName",),
    attributes=("Arn",),
    name_property="RoleName",
)

MANAGED_POLICY = ResourceType(
    properties={"Description": VALUE, "PolicyDocument": JSON},
    required=("PolicyDocument",),
    create=_create_policy,
    configure=_configure_policy,
    delete=lambda policy: policy.client("iam").delete_policy(PolicyArn=policy.id),
    created_with=("Description", "PolicyDocument"),
    replaced_by=("Description",),
)
