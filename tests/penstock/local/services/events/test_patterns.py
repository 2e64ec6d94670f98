"""Which events a pattern matches: the examples are of EventBridge's documentation."""

import json
from typing import Any

import pytest

from penstock.local.services.events.patterns import Pattern, PatternError


def matches(pattern: Any, event: Any) -> bool:
    return Pattern.parse(json.dumps(pattern)).matches(event)


@pytest.mark.parametrize(
    ("values", "value"),
    [
        (["FAILED", "ABORTED"], "ABORTED"),
        ([""], ""),
        ([None], None),
        ([300], 300.0),
        ([True], True),
        (["a"], ["b", "a"]),
        ([{"prefix": "us-"}], "us-east-1"),
        ([{"prefix": {"equals-ignore-case": "EVENTB"}}], "eventbridge"),
        ([{"suffix": ".png"}], "a.png"),
        ([{"suffix": {"equals-ignore-case": ".PNG"}}], "a.png"),
        ([{"equals-ignore-case": "ALICE"}], "alice"),
        ([{"anything-but": "a"}], "b"),
        ([{"anything-but": ["a", "b"]}], "c"),
        ([{"anything-but": 100}], 101),
        ([{"anything-but": [100, 200]}], 300),
        ([{"anything-but": {"prefix": "us-"}}], "eu-west-1"),
        ([{"anything-but": {"prefix": ["us-", "eu-"]}}], "ap-south-1"),
        ([{"anything-but": {"suffix": [".png", ".jpg"]}}], "a.csv"),
        ([{"anything-but": {"equals-ignore-case": ["A", "B"]}}], "c"),
        ([{"anything-but": {"wildcard": "*/lib/*"}}], "/opt/src/x"),
        ([{"numeric": ["=", 5]}], 5),
        ([{"numeric": [">", 10, "<=", 20]}], 20),
        ([{"cidr": "10.0.0.0/24"}], "10.0.0.255"),
        ([{"cidr": "2001:db8::/32"}], "2001:db8::1"),
        ([{"exists": True}], "x"),
        ([{"wildcard": "runs/*/model.tar.gz"}], "runs/a/b/model.tar.gz"),
        ([{"wildcard": "a\\*b"}], "a*b"),
        ([{"wildcard": "a\\\\*"}], "a\\b"),
        (["x", {"prefix": "y"}], "yes"),
    ],
)
def test_values_that_match(values: Any, value: Any) -> None:
    assert matches({"field": values}, {"field": value})


@pytest.mark.parametrize(
    ("values", "value"),
    [
        (["FAILED"], "failed"),
        ([None], ""),
        ([1], True),
        ([True], 1),
        (["300"], 300),
        ([{"prefix": "us-"}], 5),
        ([{"suffix": ".png"}], None),
        ([{"equals-ignore-case": "a"}], 1),
        ([{"anything-but": ["a", "b"]}], "b"),
        ([{"anything-but": {"prefix": "us-"}}], "us-east-1"),
        ([{"anything-but": {"wildcard": "*/lib/*"}}], "/opt/lib/x"),
        ([{"numeric": [">", 10, "<=", 20]}], 10),
        ([{"numeric": ["=", 1]}], True),
        ([{"numeric": ["=", 1]}], "1"),
        ([{"cidr": "10.0.0.0/24"}], "10.0.1.0"),
        ([{"cidr": "10.0.0.0/24"}], "no address"),
        ([{"exists": False}], "x"),
        ([{"exists": True}], {"not": "a leaf"}),
        ([{"wildcard": "runs/*/model"}], "runs/model"),
        ([{"wildcard": "a\\*b"}], "axb"),
        (["a"], []),
    ],
)
def test_values_that_do_not_match(values: Any, value: Any) -> None:
    assert not matches({"field": values}, {"field": value})


def test_a_field_that_is_not_there_matches_only_if_it_may_be_absent() -> None:
    assert matches({"field": [{"exists": False}]}, {})
    assert matches({"field": ["x", {"exists": False}]}, {"field": "x"})
    assert not matches({"field": [{"anything-but": "x"}]}, {})
    assert not matches({"field": [{"exists": True}]}, {})
    assert matches({"detail": {"count": [{"exists": False}]}}, {"detail": {"count": {"inner": 1}}})


def test_all_fields_have_to_match() -> None:
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": ["b"]}, "object": {"key": [{"prefix": "in/"}]}}}
    event = {"source": "aws.s3", "detail": {"bucket": {"name": "b"}, "object": {"key": "in/x"}}}
    assert matches(pattern, event)
    assert not matches(pattern, {**event, "source": "aws.ec2"})
    assert not matches(pattern, {**event, "detail": {"bucket": "b"}})


def test_one_alternative_has_to_match() -> None:
    pattern = {"a": ["x"], "$or": [{"b": [1]}, {"c": {"d": [{"numeric": [">", 5]}]}}]}
    assert matches(pattern, {"a": "x", "b": 1})
    assert matches(pattern, {"a": "x", "c": {"d": 6}})
    assert not matches(pattern, {"a": "x", "b": 2})
    assert not matches(pattern, {"a": "y", "b": 1})


def test_a_field_may_be_called_or() -> None:
    assert matches({"$or": ["x"]}, {"$or": "x"})


def test_of_an_array_of_objects_one_has_to_match_whole() -> None:
    pattern = {"items": {"kind": ["a"], "size": [1]}}
    assert matches(pattern, {"items": [{"kind": "b", "size": 1}, {"kind": "a", "size": 1}]})
    assert not matches(pattern, {"items": [{"kind": "b", "size": 1}, {"kind": "a", "size": 2}]})


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("nonsense", "it is not JSON"),
        ("[1]", "Filter is not an object"),
        ("{}", "Empty objects are not allowed"),
        ('{"a": {}}', "Empty objects are not allowed"),
        ('{"a": "x"}', '"a" must be an object or an array'),
        ('{"a": []}', "Empty arrays are not allowed"),
        ('{"a": [["x"]]}', "Match value must be String, number, true, false, or null"),
        ('{"a": [{"prefix": "x", "suffix": "y"}]}', "Only one key allowed"),
        ('{"a": [{"contains": "x"}]}', "Unrecognized match type contains"),
        ('{"a": [{"exists": "yes"}]}', "exists match pattern must be either true or false"),
        ('{"a": [{"prefix": 1}]}', "prefix match pattern must be a string"),
        ('{"a": [{"numeric": [">"]}]}', "Value of numeric must be an array"),
        ('{"a": [{"numeric": ["!", 1]}]}', "Unrecognized numeric range operator: !"),
        ('{"a": [{"numeric": [">", "1"]}]}', "Value of > must be numeric"),
        ('{"a": [{"numeric": [">", 5, "<", 1]}]}', "Bottom must be less than top"),
        ('{"a": [{"numeric": [">", 5, "<=", 5]}]}', "Bottom must be less than top"),
        ('{"a": [{"numeric": ["<", 5, ">", 1]}]}', "Too many elements in numeric expression"),
        ('{"a": [{"numeric": [">", 5, "=", 6]}]}', "Bad numeric range operator: ="),
        ('{"a": [{"cidr": "10.0.0.0/64"}]}', "Malformed CIDR"),
        ('{"a": [{"wildcard": "a**"}]}', "Consecutive wildcard characters"),
        ('{"a": [{"wildcard": "a\\\\b"}]}', "Invalid escape character"),
        ('{"a": [{"anything-but": []}]}', "Empty arrays are not allowed: anything-but"),
        ('{"a": [{"anything-but": {"numeric": ["=", 1]}}]}', "Unsupported anything-but pattern: numeric"),
        ('{"a": [{"anything-but": {}}]}', "Unsupported anything-but pattern"),
    ],
)
def test_what_is_no_pattern_is_refused(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError, match=reason):
        Pattern.parse(pattern)
