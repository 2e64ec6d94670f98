"""Which sessions of a role can be had, and who asks."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto.core.utils import get_service_model
from moto.iam.models import iam_backends

from penstock.local.access.sessions import Sessions
from penstock.local.gateway.requests import Call
from penstock.local.service import AwsError, Caller

ACCOUNT = "123456789012"
OPERATOR = Caller("AKIA123", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/operator")
ROLE = Caller("ASIA1", ACCOUNT, f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s", role=f"arn:aws:iam::{ACCOUNT}:role/r")


@pytest.fixture(scope="module")
def role() -> Iterator[str]:
    """A role with sessions of two hours."""
    backend = iam_backends[ACCOUNT]["aws"]
    yield backend.create_role("lasting", "{}", "/", None, "", {}, 7200).arn
    backend.delete_role("lasting")


def answer(caller: Caller, operation: str = "AssumeRole", **parameters: Any) -> Any:
    model = get_service_model("sts").operation_model(operation)
    return Sessions().answer(Call("sts", model, parameters, b"", "query"), caller)


@pytest.mark.parametrize(("caller", "seconds"), [(OPERATOR, None), (OPERATOR, 7200), (ROLE, 3600)])
def test_a_session_that_aws_gives_is_left_to_moto(role: str, caller: Caller, seconds: int | None) -> None:
    assert answer(caller, RoleArn=role, RoleSessionName="s", DurationSeconds=seconds) is None


@pytest.mark.parametrize(
    ("caller", "asked", "problem"),
    [
        (OPERATOR, {"DurationSeconds": 7201}, "exceeds the MaxSessionDuration set for this role"),
        (ROLE, {"DurationSeconds": 3601}, "limit for roles assumed by role chaining"),
        (OPERATOR, {"Policy": "{}"}, "no session policies, and would allow more than Policy does"),
        (OPERATOR, {"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]}, "more than PolicyArns does"),
    ],
)
def test_others_are_refused(role: str, caller: Caller, asked: Any, problem: str) -> None:
    with pytest.raises(AwsError, match=f"^ValidationError: .*{problem}"):
        answer(caller, RoleArn=role, RoleSessionName="s", **asked)


def test_a_role_that_is_gone_had_sessions_of_an_hour() -> None:
    with pytest.raises(AwsError, match="MaxSessionDuration"):
        answer(OPERATOR, RoleArn=f"arn:aws:iam::{ACCOUNT}:role/gone", DurationSeconds=3601)


def test_the_operator_is_told_who_it_is() -> None:
    assert answer(OPERATOR, "GetCallerIdentity") == {
        "UserId": "AIDA123",
        "Account": ACCOUNT,
        "Arn": f"arn:aws:iam::{ACCOUNT}:user/operator",
    }


def test_who_a_role_is_moto_knows() -> None:
    assert answer(ROLE, "GetCallerIdentity") is None
