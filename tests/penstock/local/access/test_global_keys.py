"""What every call says of who makes it, and how."""

from typing import Any

import pytest

from penstock.local.access.global_keys import global_context, user_id
from penstock.local.access.requirement import Requirement
from penstock.local.service import Caller

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/dev-worker"
SINCE = "2026-01-01T00:00:00Z"
SESSION = Caller("ASIA", ACCOUNT, f"arn:aws:sts::{ACCOUNT}:assumed-role/dev-worker/run-1", role=ROLE, since=SINCE)
OPERATOR = Caller("AKIA123", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/operator")
TOPICS = Caller("ASIA", ACCOUNT, "sns.amazonaws.com", service="sns.amazonaws.com", source="arn:aws:sns:r:1:t")


def value(key: str, caller: Caller, action: str = "sqs:SendMessage") -> Any:
    context = global_context(caller, Requirement(action), {}, region="us-east-1", tags={}, role_id="AROA1")
    return context.get(key)


@pytest.mark.parametrize(
    ("key", "of_session", "of_operator"),
    [
        ("aws:userid", ("AROA1:run-1",), ("AIDA123",)),
        ("aws:username", None, ("operator",)),
        ("aws:TokenIssueTime", (SINCE,), None),
        ("aws:SourceOwner", None, None),
        ("aws:MultiFactorAuthPresent", None, None),
    ],
)
def test_a_session_of_a_role_is_told_from_the_operator(key: str, of_session: Any, of_operator: Any) -> None:
    assert value(key, SESSION) == of_session
    assert value(key, OPERATOR) == of_operator


def test_a_service_says_for_whose_resource_it_acts() -> None:
    assert value("aws:SourceOwner", TOPICS) == (ACCOUNT,)
    assert value("aws:SourceArn", TOPICS) == ("arn:aws:sns:r:1:t",)


def test_the_operator_has_an_id() -> None:
    assert user_id(OPERATOR) == "AIDA123"


def test_only_calls_to_s3_say_how_they_are_encrypted() -> None:
    assert value("s3:TlsVersion", SESSION, "s3:GetObject") == ("1.3",)
    assert value("s3:TlsVersion", SESSION) is None
