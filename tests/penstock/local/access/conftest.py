import json
from collections.abc import Callable
from typing import Any

import pytest

from penstock.local.access.context import Context
from penstock.local.access.documents import Policy, read
from penstock.local.access.evaluation import Decision, Policies, decide
from penstock.local.access.principals import Principal
from penstock.local.service import Caller

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/dev-worker"
SESSION = Caller("ASIA", ACCOUNT, f"arn:aws:sts::{ACCOUNT}:assumed-role/dev-worker/run-1", role=ROLE)


def policy(*statements: Any, version: str = "2012-10-17") -> Policy:
    """A policy, whose statements allow everything but what they say."""
    document = {"Version": version, "Statement": [_everything_but(statement) | statement for statement in statements]}
    return read("policy", json.dumps(document))


def _everything_but(statement: Any) -> dict[str, str]:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return {key: value for key, value in everything.items() if f"Not{key}" not in statement}


def decided(
    *identity: Policy,
    resource: Policy | None = None,
    boundary: Policy | None = None,
    strict: bool = False,
    caller: Caller = SESSION,
    action: str = "s3:GetObject",
    on: str = "arn:aws:s3:::data/a.csv",
    **context: Any,
) -> Decision:
    """May the session do it?"""
    policies = Policies(identity, [resource] if resource else [], boundary, resource_must_allow=strict)
    given = {key.replace("__", ":"): value for key, value in context.items()}
    return decide(Principal(caller), action, on, Context(given), policies)


@pytest.fixture(name="policy")
def _policy() -> Callable[..., Policy]:
    return policy


@pytest.fixture(name="decided")
def _decided() -> Callable[..., Decision]:
    return decided
