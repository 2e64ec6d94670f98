from typing import Any

import pytest

from penstock.errors import DeployError
from penstock.local.deploy.conditions import Conditions, broken_rules
from penstock.local.deploy.intrinsics import Scope

SCOPE = Scope("dev-app", values={"Kind": "prod", "Count": "1"}, attributes={}, mappings={}, imported=lambda _: None)
YES, NO = {"Fn::Equals": [{"Ref": "Kind"}, "prod"]}, {"Fn::Equals": [{"Ref": "Kind"}, "dev"]}


def conditions(**definitions: Any) -> Conditions:
    return Conditions({"Yes": YES, "No": NO, **definitions}, SCOPE)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (YES, True),
        (NO, False),
        ({"Fn::Equals": [{"Ref": "Count"}, 1]}, True),
        ({"Fn::And": [YES, {"Condition": "Yes"}]}, True),
        ({"Fn::And": [YES, NO]}, False),
        ({"Fn::Or": [NO, YES]}, True),
        ({"Fn::Or": [NO, {"Condition": "No"}]}, False),
        ({"Fn::Not": [NO]}, True),
        ({"Fn::Contains": [["1", "2"], {"Ref": "Count"}]}, True),
        ({"Fn::Contains": [["2"], {"Ref": "Count"}]}, False),
    ],
)
def test_an_expression_holds_as_in_cloudformation(expression: Any, *, expected: bool) -> None:
    assert conditions().evaluate(expression, "Conditions.A") is expected


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("Yes", "found 'Yes'"),
        ({"Fn::Xor": []}, r"Conditions\.A: expected one of Fn::Equals, .*, found \{'Fn::Xor'"),
        ({"Fn::Equals": ["one"]}, "Fn::Equals cannot take"),
        ({"Fn::Not": [YES, NO]}, "Fn::Not cannot take"),
        ({"Condition": "Maybe"}, "no condition 'Maybe'"),
        ({"Fn::Equals": [{"Fn::GetAtt": ["Bucket", "Arn"]}, "a"]}, "'Bucket' is not a resource"),
    ],
)
def test_what_is_no_expression_is_refused(expression: Any, message: str) -> None:
    with pytest.raises(DeployError, match=message):
        conditions().evaluate(expression, "Conditions.A")


def test_conditions_that_refer_to_each_other_in_a_circle_are_refused() -> None:
    circle = conditions(A={"Fn::Not": [{"Condition": "B"}]}, B={"Condition": "A"})
    with pytest.raises(DeployError, match="A → B → A"):
        circle.holds("A", "Resources.X")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": {"Fn::If": ["Yes", 1, 2]}}, {"a": 1}),
        ({"a": {"Fn::If": ["No", 1, {"Fn::If": ["Yes", [3], 4]}]}}, {"a": [3]}),
        ({"a": {"Fn::If": ["No", 1, {"Ref": "AWS::NoValue"}]}, "b": 2}, {"b": 2}),
        ([1, {"Fn::If": ["Yes", {"Ref": "AWS::NoValue"}, 2]}, {"Ref": "Kind"}], [1, {"Ref": "Kind"}]),
        ({"a": {"Ref": "AWS::NoValue"}}, {}),
    ],
)
def test_branches_are_taken_and_no_values_left_out(value: Any, expected: Any) -> None:
    assert conditions().applied(value, "Resources.A") == expected


@pytest.mark.parametrize("argument", [["Yes", 1], "Yes", [YES, 1, 2]])
def test_a_branch_without_a_condition_and_two_values_is_refused(argument: Any) -> None:
    with pytest.raises(DeployError, match=r"Resources\.A\.b\.Fn::If: expected a condition and two values"):
        conditions().applied({"b": {"Fn::If": argument}}, "Resources.A")


def test_a_rule_that_does_not_hold_says_why() -> None:
    rules = {"Old": {"Assertions": [{"Assert": NO, "AssertDescription": "too old"}, {"Assert": YES}]}}
    assert broken_rules(rules, conditions()) == ["Rules.Old: too old"]


def test_a_rule_whose_condition_does_not_hold_is_not_looked_at() -> None:
    rules = {"Old": {"RuleCondition": NO, "Assertions": [{"Assert": NO}]}}
    assert broken_rules(rules, conditions()) == []
