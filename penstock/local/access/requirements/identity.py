"""What the operations of IAM and STS take."""

from collections.abc import Iterator

from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements.rules import Asked, Rule, Rules, also, given, table, within

_ROLE = (
    "AttachRolePolicy DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy DetachRolePolicy GetRole GetRolePolicy"
    " ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies ListRoleTags PutRolePermissionsBoundary"
    " PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription"
)
_ARN = "arn:{partition}:iam::{account}:"
_KEYS = {"PolicyArn": "iam:PolicyARN", "PermissionsBoundary": "iam:PermissionsBoundary"}


def _new(kind: str) -> Rule:
    """Return the rule of what is made at a path."""

    def rule(asked: Asked) -> Iterator[Requirement]:
        name = f"{(asked['Path'] or '/')}{asked[f'{kind.title()}Name']}"
        arn = f"arn:{asked.partition}:iam::{asked.account}:{kind}{name}"
        boundary = asked["PermissionsBoundary"]
        context = {"iam:PermissionsBoundary": boundary} if boundary else {}
        yield Requirement(f"iam:{asked.operation}", arn, context)
        if asked["Tags"]:
            yield Requirement(f"iam:Tag{kind.title()}", arn)

    return rule


def _on_role(asked: Asked) -> Iterator[Requirement]:
    context = {key: asked[name] for name, key in _KEYS.items() if asked[name]}
    yield Requirement(f"iam:{asked.operation}", asked.state.role(asked["RoleName"]), context)


IAM: Rules = {
    **table(
        "iam",
        {
            "{PolicyArn}": (
                "CreatePolicyVersion DeletePolicy DeletePolicyVersion GetPolicy GetPolicyVersion ListEntitiesForPolicy"
                " ListPolicyTags ListPolicyVersions SetDefaultPolicyVersion TagPolicy UntagPolicy"
            ),
            "user/{UserName}": (
                "AttachUserPolicy CreateAccessKey DeleteAccessKey DeleteUser DeleteUserPolicy DetachUserPolicy GetUser"
                " GetUserPolicy ListAccessKeys ListAttachedUserPolicies ListGroupsForUser ListUserPolicies"
                " PutUserPolicy TagUser UntagUser"
            ),
            "group/{GroupName}": (
                "AttachGroupPolicy DeleteGroup DeleteGroupPolicy DetachGroupPolicy GetGroup GetGroupPolicy"
                " ListAttachedGroupPolicies ListGroupPolicies PutGroupPolicy AddUserToGroup RemoveUserFromGroup"
            ),
            "instance-profile/{InstanceProfileName}": (
                "AddRoleToInstanceProfile CreateInstanceProfile DeleteInstanceProfile GetInstanceProfile"
                " RemoveRoleFromInstanceProfile"
            ),
            "role/aws-service-role/{AWSServiceName}/*": "CreateServiceLinkedRole",
            "{PolicySourceArn}": "SimulatePrincipalPolicy",
            "*": (
                "GetAccountAuthorizationDetails GetAccountSummary ListAccountAliases ListGroups ListInstanceProfiles"
                " ListPolicies ListRoles ListUsers SimulateCustomPolicy"
            ),
        },
        arn=_ARN,
    ),
    **dict.fromkeys(_ROLE.split(), _on_role),
    "CreateRole": _new("role"),
    "CreatePolicy": _new("policy"),
    "CreateUser": _new("user"),
    "CreateGroup": _new("group"),
}
IAM["CreateServiceLinkedRole"] = within(
    IAM["CreateServiceLinkedRole"], lambda asked: {"iam:AWSServiceName": asked["AWSServiceName"]}
)
also(
    IAM,
    "AddRoleToInstanceProfile",
    given(
        "RoleName",
        lambda asked: [
            Requirement(
                "iam:PassRole", asked.state.role(asked["RoleName"]), {"iam:PassedToService": "ec2.amazonaws.com"}
            )
        ],
    ),
)


def _assume(asked: Asked) -> Iterator[Requirement]:
    context = {"sts:RoleSessionName": asked["RoleSessionName"]}
    if asked["ExternalId"]:
        context["sts:ExternalId"] = asked["ExternalId"]
    yield Requirement("sts:AssumeRole", asked["RoleArn"], context)
    if asked["Tags"]:
        yield Requirement("sts:TagSession", asked["RoleArn"])


STS: Rules = table("sts", {"*": "DecodeAuthorizationMessage GetAccessKeyInfo GetSessionToken"}) | {
    "AssumeRole": _assume,
    # Anybody may ask who they are.
    "GetCallerIdentity": lambda _asked: (),
}
