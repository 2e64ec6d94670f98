"""What lets services in: trust policies, and the policies of the key, the topic and the functions."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from battery.project import ENDPOINT
from battery.world import World
from mutation import scenarios
from mutation.scenarios import Scenario

_NOTHING = "sts:GetCallerIdentity"


@dataclass(frozen=True)
class Door:
    """A statement that lets a service in, how to close it, and what is done without it; `named` is in what is seen."""

    name: str
    shut: Callable[[World], Any]
    scenario: Scenario
    named: str


@contextmanager
def _trust(world: World, role: str) -> Iterator[None]:
    iam, name = world.client("iam"), f"{ENDPOINT}-{role}"
    document = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    other = document | {"Statement": [one | {"Action": _NOTHING} for one in document["Statement"]]}
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(other))
    world.cloud.clients._roles.clear()  # as if the credentials that services have of it had expired
    yield
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(document))


@contextmanager
def _key(world: World, sid: str) -> Iterator[None]:
    kms = world.client("kms")
    topic = world.client("sns").get_topic_attributes(TopicArn=world.outputs["TopicArn"])["Attributes"]
    key = topic["KmsMasterKeyId"].rpartition("/")[2]
    policy = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=_without(policy, sid))
    yield
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy)


@contextmanager
def _topic(world: World, sid: str) -> Iterator[None]:
    sns, topic = world.client("sns"), world.outputs["TopicArn"]
    policy = sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"]
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=_without(policy, sid))
    yield
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)


@contextmanager
def _function(world: World, hook: str) -> Iterator[None]:
    functions, name = world.client("lambda"), f"{ENDPOINT}-{hook}"
    (statement,) = json.loads(functions.get_policy(FunctionName=name)["Policy"])["Statement"]
    functions.remove_permission(FunctionName=name, StatementId=statement["Sid"])
    yield
    functions.add_permission(
        FunctionName=name,
        StatementId=statement["Sid"],
        Action=statement["Action"],
        Principal=statement["Principal"]["Service"],
        SourceArn=statement["Condition"]["ArnLike"]["AWS:SourceArn"],
    )


def _without(policy: str, sid: str) -> str:
    document = json.loads(policy)
    statements = [one for one in document["Statement"] if one.get("Sid") != sid]
    assert len(statements) < len(document["Statement"]), f"no statement {sid} in {policy}"
    return json.dumps(document | {"Statement": statements})


_UNREPORTED = "reported []"
DOORS = (
    Door("trust of workflow", partial(_trust, role="workflow"), scenarios.update, "sts:AssumeRole"),
    Door("trust of execution", partial(_trust, role="execution"), scenarios.update, "Could not assume role"),
    *(
        Door(f"trust of {hook}", partial(_trust, role=hook), scenarios.renewed, "sts:AssumeRole")
        for hook in ("prepare", "find-champion", "gate", "smoke-test", "tidy")
    ),
    Door("trust of after-failure", partial(_trust, role="after-failure"), scenarios.renewed, _UNREPORTED),
    Door("key DelegateToIam", partial(_key, sid="DelegateToIam"), scenarios.update, "kms:"),
    Door("key Alarms", partial(_key, sid="Alarms"), scenarios.alarm, "kms:"),
    Door("topic Alarms", partial(_topic, sid="Alarms"), scenarios.alarm, "sns:Publish"),
    Door("function after-failure", partial(_function, hook="after-failure"), scenarios.failed_job, _UNREPORTED),
)


def check(world: World, door: Door) -> None:
    """Do with a door shut what needs it open.

    Raises:
        AssertionError: it does not show.
    """
    world.serving()
    assert door.named not in (seen := door.scenario(world)), f"{door.name} is open. {seen}"
    with door.shut(world):
        seen = door.scenario(world)
    world.cloud.clients._roles.clear()
    assert door.named in seen, f"{door.name} is shut. {seen}"
