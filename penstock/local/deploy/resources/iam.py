"""AWS::IAM: roles, managed policies and inline ones."""

from collections.abc import Iterable

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType, document, without
from penstock.local.deploy.resources.removal import discard
from penstock.local.deploy.resources.shape import JSON, VALUE, Shape
from penstock.local.deploy.resources.tags import TAGS, Tagging
from penstock.local.service import JsonObject

_INLINE: dict[str, Shape] = {"PolicyDocument": JSON, "PolicyName": VALUE}
_ROLE = ("AssumeRolePolicyDocument", "Description", "MaxSessionDuration", "Path", "PermissionsBoundary", "RoleName")
_POLICY = ("Description", "ManagedPolicyName", "Path", "PolicyDocument")
_HOUR = 3600


def _role(role: Handle) -> Physical:
    name, path = role.properties.get("RoleName", role.name(64)), role.properties.get("Path", "/")
    return Physical(name, {"Arn": role.clients.global_arn("iam", f"role{path}{name}")})


def _create_role(role: Handle) -> Physical:
    physical = _role(role)
    trust = document(role.properties["AssumeRolePolicyDocument"])
    parameters = role.given(*_ROLE) | {"RoleName": physical.id, "AssumeRolePolicyDocument": trust}
    made = role.client("iam").create_role(**parameters)["Role"]
    return Physical(physical.id, {"Arn": made["Arn"], "RoleId": made["RoleId"]})


def _configure_role(role: Handle) -> None:
    iam, properties = role.client("iam"), role.properties
    if role.changed("AssumeRolePolicyDocument"):
        trust = document(properties["AssumeRolePolicyDocument"])
        iam.update_assume_role_policy(RoleName=role.id, PolicyDocument=trust)
    if role.changed("Description", "MaxSessionDuration"):
        defaults = {"Description": "", "MaxSessionDuration": _HOUR}
        iam.update_role(RoleName=role.id, **defaults | role.given(*defaults))
    if role.changed("PermissionsBoundary"):
        if "PermissionsBoundary" in properties:
            iam.put_role_permissions_boundary(RoleName=role.id, **role.given("PermissionsBoundary"))
        else:
            discard(iam.delete_role_permissions_boundary, RoleName=role.id)
    _configure_inline(role)
    before, after = role.former.get("ManagedPolicyArns", []), properties.get("ManagedPolicyArns", [])
    for arn in without(after, before):
        iam.attach_role_policy(RoleName=role.id, PolicyArn=arn)
    _detach(role, without(before, after))


def _configure_inline(role: Handle) -> None:
    iam = role.client("iam")
    before, after = _inline(role.former), _inline(role.properties)
    for name, text in after.items():
        if before.get(name) != text:
            iam.put_role_policy(RoleName=role.id, PolicyName=name, PolicyDocument=text)
    for name in before.keys() - after.keys():
        discard(iam.delete_role_policy, RoleName=role.id, PolicyName=name)


def _inline(properties: JsonObject) -> dict[str, str]:
    return {policy["PolicyName"]: document(policy["PolicyDocument"]) for policy in properties.get("Policies", [])}


def _delete_role(role: Handle) -> None:
    # After a failure not all of its policies need be there: ask.
    iam = role.client("iam")
    attached = iam.list_attached_role_policies(RoleName=role.id)["AttachedPolicies"]
    _detach(role, [policy["PolicyArn"] for policy in attached])
    for name in iam.list_role_policies(RoleName=role.id)["PolicyNames"]:
        discard(iam.delete_role_policy, RoleName=role.id, PolicyName=name)
    iam.delete_role(RoleName=role.id)


def _detach(role: Handle, arns: Iterable[str]) -> None:
    for arn in arns:
        discard(role.client("iam").detach_role_policy, RoleName=role.id, PolicyArn=arn)


def _managed(policy: Handle) -> Physical:
    name, path = policy.properties.get("ManagedPolicyName", policy.name(128)), policy.properties.get("Path", "/")
    arn = policy.clients.global_arn("iam", f"policy{path}{name}")
    return Physical(arn, {"PolicyArn": arn})


def _create_managed(policy: Handle) -> Physical:
    policy.client("iam").create_policy(
        PolicyName=policy.properties.get("ManagedPolicyName", policy.name(128)),
        PolicyDocument=document(policy.properties["PolicyDocument"]),
        **policy.given("Description", "Path"),
    )
    return _managed(policy)


def _configure_managed(policy: Handle) -> None:
    policy.client("iam").create_policy_version(
        PolicyArn=policy.id, PolicyDocument=document(policy.properties["PolicyDocument"]), SetAsDefault=True
    )
    _delete_versions(policy)


def _delete_versions(policy: Handle) -> None:
    # A policy has at most five versions, and cannot be removed while it has more than one.
    iam = policy.client("iam")
    for version in iam.list_policy_versions(PolicyArn=policy.id)["Versions"]:
        if not version["IsDefaultVersion"]:
            discard(iam.delete_policy_version, PolicyArn=policy.id, VersionId=version["VersionId"])


def _delete_managed(policy: Handle) -> None:
    _delete_versions(policy)
    policy.client("iam").delete_policy(PolicyArn=policy.id)


def _has_policy(policy: Handle, role: str) -> bool:
    names = policy.client("iam").list_role_policies(RoleName=role)["PolicyNames"]
    return policy.properties["PolicyName"] in names


def _configure_policy(policy: Handle) -> None:
    iam, properties, former = policy.client("iam"), policy.properties, policy.former
    for role in properties["Roles"]:
        iam.put_role_policy(
            RoleName=role,
            PolicyName=properties["PolicyName"],
            PolicyDocument=document(properties["PolicyDocument"]),
        )
    same = properties["PolicyName"] == former.get("PolicyName")
    _delete_inline(policy, former, keep=properties["Roles"] if same else [])


def _delete_inline(policy: Handle, properties: JsonObject, keep: list[str]) -> None:
    for role in without(properties.get("Roles", []), keep):
        name = properties["PolicyName"]
        discard(policy.client("iam").delete_role_policy, RoleName=role, PolicyName=name)


ROLE = ResourceType(
    properties={
        **dict.fromkeys(_ROLE, VALUE),
        "AssumeRolePolicyDocument": JSON,
        "ManagedPolicyArns": [VALUE],
        "Policies": [_INLINE],
        "Tags": TAGS,
    },
    required=("AssumeRolePolicyDocument",),
    exists=lambda role: role.client("iam").get_role(RoleName=_role(role).id),
    create=_create_role,
    expected=_role,
    configure=_configure_role,
    delete=_delete_role,
    created_with=_ROLE,
    replaced_by=("Path", "RoleName"),
    attributes=("Arn", "RoleId"),
    name_property="RoleName",
    tagging=Tagging("iam", lambda role: {"RoleName": role.id}, tag="tag_role", untag="untag_role"),
)

MANAGED_POLICY = ResourceType(
    properties={**dict.fromkeys(_POLICY, VALUE), "PolicyDocument": JSON},
    required=("PolicyDocument",),
    exists=lambda policy: policy.client("iam").get_policy(PolicyArn=_managed(policy).id),
    create=_create_managed,
    expected=_managed,
    configure=_configure_managed,
    delete=_delete_managed,
    created_with=_POLICY,
    replaced_by=("Description", "ManagedPolicyName", "Path"),
    attributes=("PolicyArn",),
    name_property="ManagedPolicyName",
)

POLICY = ResourceType(
    properties=_INLINE | {"Roles": [VALUE]},
    required=("PolicyDocument", "PolicyName", "Roles"),
    exists=lambda policy: any(_has_policy(policy, role) for role in policy.properties["Roles"]),
    create=lambda policy: Physical(policy.name(128)),
    expected=lambda policy: Physical(policy.name(128)),
    configure=_configure_policy,
    delete=lambda policy: _delete_inline(policy, policy.properties, keep=[]),
)
