"""Every action that a synthesised policy grants, and the world without one of them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from battery.project import ENDPOINT
from battery.world import World

# Everybody may do it anyway.
_NOTHING = "sts:GetCallerIdentity"


@dataclass(frozen=True)
class Grant:
    """An action that a statement grants to a role, which goes by its name's end: workflow, prepare."""

    role: str
    statement: str
    action: str

    def __str__(self) -> str:
        return f"{self.role} {self.statement} {self.action}"


def of_template(template: Mapping[str, Any]) -> Iterator[Grant]:
    """Yield what a template's managed policies grant to the roles that they are attached to."""
    resources = template["Resources"]
    for role in resources.values():
        if role["Type"] == "AWS::IAM::Role":
            suffix = role["Properties"]["RoleName"].removeprefix(f"{ENDPOINT}-")
            for policy in role["Properties"]["ManagedPolicyArns"]:
                document = resources[policy["Ref"]]["Properties"]["PolicyDocument"]
                for statement in document["Statement"]:
                    for action in _actions(statement):
                        yield Grant(suffix, statement["Sid"], action)


@contextmanager
def without(world: World, grant: Grant) -> Iterator[None]:
    """Take an action out of its statement, in a new version of the policy, for as long as the `with` statement lasts.

    Raises:
        AssertionError: no policy of the role has it.
    """
    iam = world.client("iam")
    attached = iam.list_attached_role_policies(RoleName=f"{ENDPOINT}-{grant.role}")["AttachedPolicies"]
    for arn in (policy["PolicyArn"] for policy in attached):
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        if _take(document, grant):
            break
    else:
        raise AssertionError(f"no policy grants {grant}")
    created = iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(document), SetAsDefault=True)
    try:
        yield
    finally:
        iam.set_default_policy_version(PolicyArn=arn, VersionId=version)
        iam.delete_policy_version(PolicyArn=arn, VersionId=created["PolicyVersion"]["VersionId"])


def _take(document: Mapping[str, Any], grant: Grant) -> bool:
    for statement in document["Statement"]:
        if statement["Sid"] == grant.statement and grant.action in _actions(statement):
            statement["Action"] = [action for action in _actions(statement) if action != grant.action] or _NOTHING
            return True
    return False


def _actions(statement: Mapping[str, Any]) -> list[str]:
    actions = statement["Action"]
    return [actions] if isinstance(actions, str) else list(actions)
