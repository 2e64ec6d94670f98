from typing import Any

import pytest

from penstock.errors import DeployError
from penstock.local.deploy.parameters import parameter_values

STORED = {"/cdk-bootstrap/hnb659fds/version": "33"}


def value_of(definition: dict[str, Any], given: str | None = None) -> Any:
    parameters = {} if given is None else {"P": given}
    return parameter_values({"P": definition}, parameters, STORED.get, "dev-app")["P"]


@pytest.mark.parametrize(
    ("definition", "given", "expected"),
    [
        ({"Type": "String", "Default": "a"}, None, "a"),
        ({"Type": "String", "Default": "a"}, "b", "b"),
        ({"Type": "Number", "Default": 15}, None, "15"),
        ({"Type": "Number", "Default": 15}, "1", "1"),
        ({"Type": "CommaDelimitedList"}, "a, b", ["a", "b"]),
        ({"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/hnb659fds/version"}, None, "33"),
        ({"Type": "String", "AllowedValues": ["a", "b"], "AllowedPattern": "[a-z]", "MinLength": 1}, "a", "a"),
        ({"Type": "Number", "MinValue": 1, "MaxValue": 60}, "60", "60"),
    ],
)
def test_a_parameter_has_its_value(definition: dict[str, Any], given: str | None, expected: Any) -> None:
    assert value_of(definition, given) == expected


@pytest.mark.parametrize(
    ("definition", "given", "message"),
    [
        ({"Type": "String"}, None, r"dev-app: Parameters\.P: it has no default"),
        ({"Type": "Number", "MinValue": 1}, "many", "'many' is not a number"),
        ({"Type": "String", "AllowedValues": ["a"]}, "b", r"'b' is not within AllowedValues \['a'\]"),
        ({"Type": "String", "AllowedPattern": "[a-z]"}, "ab", "not within AllowedPattern"),
        ({"Type": "String", "MaxLength": 1}, "ab", "not within MaxLength 1"),
        ({"Type": "Number", "MaxValue": 60, "ConstraintDescription": "At most a minute."}, "61", "At most a minute"),
        ({"Type": "AWS::EC2::VPC::Id"}, "vpc-1", "the type 'AWS::EC2::VPC::Id' is not one that"),
        ({"Type": "AWS::SSM::Parameter::Value<String>"}, "/no", "the Systems Manager has no parameter '/no'"),
        ({"Type": "String", "Allowed": ["a"]}, "a", "unknown: Allowed"),
    ],
)
def test_a_value_that_is_missing_or_not_allowed_is_refused(
    definition: dict[str, Any], given: str | None, message: str
) -> None:
    with pytest.raises(DeployError, match=message):
        value_of(definition, given)


def test_every_wrong_parameter_is_named() -> None:
    definitions = {"First": {"Type": "String"}, "Second": {"Type": "String"}}
    with pytest.raises(DeployError, match=r"(?s)Parameters\.First.*Parameters\.Second"):
        parameter_values(definitions, {}, STORED.get, "dev-app")
