"""Which policies are well-formed."""

import json
from typing import Any

import pytest

from penstock.local.access.grammar import ANY, Form, parse

STATEMENT = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}


def text(**changes: Any) -> str:
    """A policy of one statement, with some of its elements changed, or left out (None)."""
    statement = {name: value for name, value in (STATEMENT | changes).items() if value is not None}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Sid": "One", "Action": ["s3:Get*", "*"], "Resource": ["arn:aws:s3:::b", "${aws:userid}"]},
        {"Action": None, "NotAction": "s3:GetObject", "Resource": None, "NotResource": "arn:aws:s3:::b/*"},
        {"Principal": {"AWS": ["*", "123456789012", "arn:aws:iam::1:role/r", "AROAEXAMPLEEXAMPLE1"]}},
        {"Principal": None, "NotPrincipal": {"Service": "lambda.amazonaws.com", "Federated": "cognito"}},
        {"Condition": {"ForAllValues:StringLikeIfExists": {"aws:TagKeys": ["a", "b"]}, "Null": {"aws:x": True}}},
        {"Condition": {"NumericLessThan": {"s3:max-keys": 10}, "Bool": {"aws:SecureTransport": False}}},
    ],
)
def test_a_policy_that_aws_takes_is_taken(changes: Any) -> None:
    assert parse(text(**changes), ANY)["Statement"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"Effect": "allow"}, "statement 1: its Effect is 'allow', and neither Allow nor Deny"),
        ({"Effect": None}, "statement 1: its Effect is None"),
        ({"Sid": 1}, "its Sid is no text"),
        ({"Efect": "Allow"}, "statement 1: unknown element Efect"),
        ({"Action": None}, "it has no Action"),
        ({"NotAction": "s3:*"}, "it has both Action and NotAction"),
        ({"Action": []}, r"its Action cannot be \[\]"),
        ({"Action": "read"}, "its Action cannot be 'read'"),
        ({"Resource": {"a": 1}}, "its Resource cannot be {'a': 1}"),
        ({"Resource": "bucket"}, "its Resource cannot be 'bucket'"),
        ({"Principal": "x"}, "its Principal cannot be 'x'"),
        ({"Principal": {}}, "its Principal cannot be {}"),
        ({"Principal": {"Aws": "*"}}, "its Principal cannot be of the kind 'Aws'"),
        ({"Principal": {"AWS": "somebody"}}, "its Principal: its AWS cannot be 'somebody'"),
        ({"Condition": []}, "its Condition is no JSON object"),
        ({"Condition": {"Boool": {"aws:SecureTransport": "true"}}}, "Boool is no operator of conditions"),
        ({"Condition": {"Bool": "x"}}, "its Condition has no keys for Bool"),
        ({"Condition": {"Bool": {"aws:x": [None]}}}, "its Condition cannot have None for aws:x"),
    ],
)
def test_a_statement_that_is_none_is_refused_with_its_reason(changes: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse(text(**changes))


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (None, "it is not JSON"),
        ("x", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "it is no JSON object"),
        ('{"Statement": 1}', "statement 1 is no JSON object"),
        ('{"Statement": [{}]}', "statement 1: its Effect is None"),
        ('{"Version": "2020-01-01"}', "its Version is '2020-01-01'"),
        ('{"Statment": []}', "it has an unknown element Statment"),
    ],
)
def test_a_document_that_is_none_is_refused_with_its_reason(document: str | None, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse(document)


@pytest.mark.parametrize(
    ("form", "changes", "problem"),
    [
        (Form(principal=True), {"Principal": None}, "it has no Principal"),
        (Form(principal=False), {}, "a policy of this kind has no Principal"),
        (Form(resource=True), {"Resource": None}, "it has no Resource"),
        (Form(resource=False), {}, "a policy of this kind has no Resource"),
    ],
)
def test_each_kind_of_policy_has_elements_of_its_own(form: Form, changes: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse(text(**changes), form)


def test_a_policy_that_is_put_has_statements() -> None:
    assert parse("{}") == {}  # the last one has been removed
    with pytest.raises(ValueError, match="it has no Statement"):
        parse("{}", Form(principal=True))
