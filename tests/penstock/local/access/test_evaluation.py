from typing import Any

import pytest

from penstock.local.access.documents import read
from penstock.local.service import Caller

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/dev-worker"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/dev-worker/run-1"
EVENTS = Caller("ASIA", ACCOUNT, "events.amazonaws.com", service="events.amazonaws.com")
OPERATOR = Caller("AKIA", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/operator")


def test_nothing_is_allowed_that_no_policy_allows(decided: Any) -> None:
    decision = decided()
    assert not decision.allowed
    assert decision.why == "because no identity-based policy allows the s3:GetObject action"


def test_the_roles_own_policy_allows(decided: Any, policy: Any) -> None:
    decision = decided(policy({"Sid": "Read", "Action": "s3:Get*"}))
    assert decision.allowed
    assert [one.sid for one in decision.statements] == ["Read"]


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": "s3:PutObject"},
        {"Resource": "arn:aws:s3:::other/*"},
        {"NotResource": "arn:aws:s3:::data/*"},
        {"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}},
    ],
)
def test_a_statement_about_something_else_does_not(decided: Any, policy: Any, statement: Any) -> None:
    assert not decided(policy(statement), aws__RequestedRegion="us-east-1").allowed


def test_all_but_what_is_named(decided: Any, policy: Any) -> None:
    assert decided(policy({"NotAction": "s3:PutObject"})).allowed
    assert not decided(policy({"NotAction": "s3:Get*"})).allowed


def test_an_explicit_denial_counts_for_more_than_anything(decided: Any, policy: Any) -> None:
    decision = decided(policy({}, {"Sid": "Never", "Effect": "Deny"}), resource=policy({"Principal": "*"}))
    assert not decision.allowed
    assert decision.why == "with an explicit deny in an identity-based policy"
    assert decision.statements[0].sid == "Never"


def test_the_operator_may_do_all_that_no_resource_denies(decided: Any, policy: Any) -> None:
    assert decided(caller=OPERATOR).allowed
    denied = decided(caller=OPERATOR, resource=policy({"Effect": "Deny", "Principal": "*"}))
    assert denied.why == "with an explicit deny in a resource-based policy"


def test_a_denial_for_others_does_not_count(decided: Any, policy: Any) -> None:
    others = policy({"Effect": "Deny", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/other"}})
    assert decided(policy({}), resource=others).allowed


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ROLE}, {"AWS": [SESSION]}])
def test_a_resource_that_lets_the_role_in_is_enough(decided: Any, policy: Any, principal: Any) -> None:
    assert decided(resource=policy({"Principal": principal})).allowed


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": ACCOUNT},
        {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        {"Service": "events.amazonaws.com"},
        {"Federated": "x"},
    ],
)
def test_the_account_as_a_whole_is_not(decided: Any, policy: Any, principal: Any) -> None:
    assert not decided(resource=policy({"Principal": principal})).allowed


def test_all_principals_but_those_named(decided: Any, policy: Any) -> None:
    denial = policy({"Effect": "Deny", "NotPrincipal": {"AWS": ROLE}})
    assert decided(policy({}), resource=denial).allowed
    assert not decided(policy({}), resource=policy({"Effect": "Deny", "NotPrincipal": {"AWS": "999999999999"}})).allowed


def test_a_boundary_bounds_the_roles_own_policies(decided: Any, policy: Any) -> None:
    assert decided(policy({}), boundary=policy({"Action": "s3:*"})).allowed
    decision = decided(policy({}), boundary=policy({"Action": "sns:*"}))
    assert decision.why == "because no permissions boundary allows the s3:GetObject action"


def test_a_boundary_denies(decided: Any, policy: Any) -> None:
    decision = decided(policy({}), boundary=policy({}, {"Effect": "Deny"}))
    assert decision.why == "with an explicit deny in a permissions boundary"


def test_a_boundary_bounds_what_a_resource_grants_the_role_but_not_the_session(decided: Any, policy: Any) -> None:
    nothing = policy({"Action": "sns:*"})
    assert not decided(resource=policy({"Principal": {"AWS": ROLE}}), boundary=nothing).allowed
    assert decided(resource=policy({"Principal": {"AWS": SESSION}}), boundary=nothing).allowed


def test_a_key_must_let_the_role_in(decided: Any, policy: Any) -> None:
    decision = decided(policy({}), resource=policy({"Principal": {"AWS": "999999999999"}}), strict=True)
    assert decision.why == "because no resource-based policy allows the s3:GetObject action"
    assert decided(resource=policy({"Principal": {"AWS": ROLE}}), strict=True).allowed


def test_a_key_may_leave_it_to_the_accounts_policies(decided: Any, policy: Any) -> None:
    delegating = policy({"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}})
    assert decided(policy({}), resource=delegating, strict=True).allowed
    decision = decided(resource=delegating, strict=True)
    assert decision.why == "because no identity-based policy allows the s3:GetObject action"


def test_a_service_needs_the_resource_to_let_it_in(decided: Any, policy: Any) -> None:
    assert decided(caller=EVENTS, resource=policy({"Principal": {"Service": EVENTS.service}})).allowed
    decision = decided(caller=EVENTS, resource=policy({"Principal": {"AWS": ROLE}}))
    assert decision.why == "because no resource-based policy allows the s3:GetObject action"


@pytest.mark.parametrize("text", [None, "", "x", "[]", '{"Statement": [{}]}'])
def test_a_policy_that_cannot_be_read_allows_nothing_and_the_decision_says_so(decided: Any, text: str | None) -> None:
    decision = decided(read("Own", text), resource=read("resource policy", text))
    assert not decision.allowed
    assert [one.partition(":")[0] for one in decision.unreadable] == [
        "Own cannot be read, so it allows nothing",
        "resource policy cannot be read, so it allows nothing",
    ]


def test_a_boundary_that_cannot_be_read_allows_nothing(decided: Any, policy: Any) -> None:
    decision = decided(policy({}), boundary=read("Bound", "x"))
    assert decision.why == "because no permissions boundary allows the s3:GetObject action"
    assert decision.unreadable == ("Bound cannot be read, so it allows nothing: it is not JSON.",)


def test_the_operator_can_mend_a_policy_that_cannot_be_read(decided: Any) -> None:
    assert decided(resource=read("resource policy", "x"), caller=OPERATOR).allowed


UNKNOWN = {"Condition": {"StringNotEquals": {"s3:Nothing": "1"}}}


def test_a_denial_that_asks_about_an_unknown_key_denies(decided: Any, policy: Any) -> None:
    equals = {"Condition": {"StringEquals": {"s3:Nothing": "1"}}}
    assert not decided(policy({}, {"Effect": "Deny"} | UNKNOWN)).allowed
    assert not decided(policy({}, {"Effect": "Deny"} | equals)).allowed
    assert not decided(policy({}), resource=policy({"Effect": "Deny", "Principal": "*"} | equals)).allowed


def test_it_does_not_where_it_is_about_something_else(decided: Any, policy: Any) -> None:
    bool_too = {"Condition": UNKNOWN["Condition"] | {"Bool": {"aws:SecureTransport": "false"}}}
    assert decided(policy({}, {"Effect": "Deny"} | bool_too), aws__SecureTransport="true").allowed
    assert decided(policy({}, {"Effect": "Deny", "Resource": "arn:aws:s3:::other"} | UNKNOWN)).allowed


def test_a_grant_that_asks_about_an_unknown_key_does_not_count(decided: Any, policy: Any) -> None:
    assert not decided(policy(UNKNOWN)).allowed
    assert decided(policy(UNKNOWN), s3__Nothing="2").allowed


def test_the_operator_can_mend_a_denial_that_asks_about_an_unknown_key(decided: Any, policy: Any) -> None:
    denial = policy({"Effect": "Deny", "Principal": "*"} | UNKNOWN)
    assert decided(resource=denial, caller=OPERATOR).allowed
