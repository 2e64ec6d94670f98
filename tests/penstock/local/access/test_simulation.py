"""What a role may do, asked of IAM's simulator."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto.core.utils import get_service_model
from moto.iam.models import iam_backends

from penstock.local.access import Access
from penstock.local.access.simulation import Simulation
from penstock.local.gateway.requests import Call
from penstock.local.service import AwsError, Caller

ACCOUNT = "123456789012"
OPERATOR = Caller("AKIA", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/operator")


@pytest.fixture
def role() -> Iterator[str]:
    """A role that may read one bucket, and most of it write."""
    statements = [
        {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"},
        {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/kept/*"},
        {
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": "*",
            "Condition": {"StringEquals": {"s3:prefix": "in/"}},
        },
    ]
    backend = iam_backends[ACCOUNT]["aws"]
    made = backend.create_role("simulated", "{}", "/", None, "", {}, 3600)
    backend.put_role_policy("simulated", "p", json.dumps({"Version": "2012-10-17", "Statement": statements}))
    yield made.arn
    backend.delete_role_policy("simulated", "p")
    backend.delete_role("simulated")


def simulate(operation: str = "SimulatePrincipalPolicy", **request: Any) -> Any:
    call = Call("iam", get_service_model("iam").operation_model(operation), request, None, "query")
    return Simulation(Access()).answer(call, OPERATOR)


def decisions(role: str, *actions: str, **request: Any) -> list[str]:
    answer = simulate(PolicySourceArn=role, ActionNames=[*actions], **request)
    assert not answer["IsTruncated"]
    return [result["EvalDecision"] for result in answer["EvaluationResults"]]


def test_each_action_on_each_resource_is_decided(role: str) -> None:
    resources = ["arn:aws:s3:::b/x", "arn:aws:s3:::b/kept/x", "arn:aws:s3:::other/x"]
    assert decisions(role, "s3:PutObject", ResourceArns=resources) == ["allowed", "explicitDeny", "implicitDeny"]
    assert decisions(role, "s3:GetObject", "sqs:SendMessage") == ["implicitDeny", "implicitDeny"]


def test_conditions_hold_of_what_is_given(role: str) -> None:
    entry = {"ContextKeyName": "s3:prefix", "ContextKeyValues": ["in/"], "ContextKeyType": "string"}
    assert decisions(role, "s3:ListBucket") == ["implicitDeny"]
    assert decisions(role, "s3:ListBucket", ContextEntries=[entry]) == ["allowed"]


def test_a_role_that_is_not_there() -> None:
    with pytest.raises(AwsError, match=r"NoSuchEntity: The role with name none cannot be found\."):
        decisions(f"arn:aws:iam::{ACCOUNT}:role/none", "s3:GetObject")


def test_everything_else_is_left_to_moto() -> None:
    assert simulate("ListRoles") is None
