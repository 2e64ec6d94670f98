from typing import Any

import pytest

from penstock.local.access import conditions
from penstock.local.access.context import Context

MISSING: Any = object()


def holds(operator: str, wanted: Any, found: Any) -> bool:
    context = Context({} if found is MISSING else {"aws:Key": found, "aws:team": "blue"})
    return all(one.holds(context, context) for one in conditions.read({operator: {"AWS:key": wanted}}))


@pytest.mark.parametrize(
    ("operator", "wanted", "yes", "no"),
    [
        ("StringEquals", ["a", "b"], "b", "B"),
        ("StringNotEquals", ["a", "b"], "c", "b"),
        ("StringEqualsIgnoreCase", "a", "A", "b"),
        ("StringNotEqualsIgnoreCase", "a", "b", "A"),
        ("StringLike", "a*", "abc", "bc"),
        ("StringNotLike", "a*", "bc", "abc"),
        ("StringEquals", "${aws:team}", "blue", "red"),
        ("NumericEquals", "10", "10.0", "11"),
        ("NumericNotEquals", "10", "11", "10"),
        ("NumericLessThan", "10", "9", "10"),
        ("NumericLessThanEquals", "10", "10", "11"),
        ("NumericGreaterThan", "10", "11", "ten"),
        ("NumericGreaterThanEquals", "10", "10", "9"),
        ("DateEquals", "2026-01-01T00:00:00Z", "1767225600", "2026-01-02T00:00:00Z"),
        ("DateLessThan", "2026-01-01T00:00:00Z", "2025-01-01", "soon"),
        ("DateGreaterThan", "2026-01-01T00:00:00Z", "2026-06-01T00:00:00+00:00", "2025-01-01"),
        ("Bool", "true", "True", "false"),
        ("Bool", True, "true", "false"),
        ("BinaryEquals", "QQ==", "QQ==", "Qg=="),
        ("BinaryEquals", "QQ==", "QQ==", "?"),
        ("IpAddress", ["10.0.0.0/8", "2001:db8::/32"], "10.1.2.3", "192.168.0.1"),
        ("IpAddress", "10.0.0.0/8", "10.1.2.3", "nowhere"),
        ("NotIpAddress", "10.0.0.0/8", "192.168.0.1", "10.1.2.3"),
        ("ArnLike", "arn:aws:sns:*:1:t*", "arn:aws:sns:us-east-1:1:topic", "arn:aws:sns:us-east-1:2:topic"),
        ("ArnEquals", "arn:aws:sns:*:1:t", "arn:aws:sns:us-east-1:1:t", "arn:aws:sqs:us-east-1:1:t"),
        ("ArnNotLike", "arn:aws:sns:*:1:t", "arn:aws:sqs:us-east-1:1:t", "arn:aws:sns:us-east-1:1:t"),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], ["a", "c"]),
        ("ForAllValues:StringLike", ["a*"], [], ["ab", "c"]),
        ("ForAnyValue:StringEquals", ["a", "b"], ["c", "b"], ["c", "d"]),
        ("ForAnyValue:StringNotEquals", ["a"], ["a", "b"], ["a"]),
        ("ForAllValues:StringNotEquals", ["a"], ["b", "c"], ["a", "b"]),
    ],
)
def test_operators(operator: str, wanted: Any, yes: Any, no: Any) -> None:
    assert holds(operator, wanted, yes)
    assert not holds(operator, wanted, no)


@pytest.mark.parametrize(
    ("operator", "result"),
    [
        ("StringEquals", False),
        ("StringEqualsIfExists", True),
        ("StringNotEquals", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ArnLikeIfExists", True),
        ("NumericLessThan", False),
    ],
)
def test_a_key_that_the_call_does_not_have(operator: str, result: bool) -> None:  # noqa: FBT001
    assert holds(operator, "1", MISSING) is result


def test_null_asks_whether_there_is_a_key() -> None:
    assert holds("Null", "true", MISSING)
    assert not holds("Null", "true", "a")
    assert holds("Null", "false", "a")


def test_what_is_not_known_cannot_be_told_to_differ() -> None:
    assert not holds("StringNotEquals", "${aws:nothing}", "a")


def test_an_operator_that_iam_does_not_have_is_not_known() -> None:
    assert not conditions.operator_of("StringIs").known
    assert conditions.operator_of("ForAnyValue:StringLikeIfExists").known


def test_a_condition_says_what_it_wants() -> None:
    (condition,) = conditions.read({"StringLike": {"s3:prefix": ["a/*", "b/*"]}})
    assert str(condition) == "StringLike s3:prefix: a/* or b/*"
