"""The operators of conditions: does one value of a call compare with one of a policy?

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import base64
import binascii
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from penstock.local.access.context import Context
from penstock.local.access.patterns import matches_arn, matches_text

# The value of the call, that of the policy, and the context for the policy's variables.
Compare = Callable[[str, str, Context | None], bool]


@dataclass(frozen=True)
class Operator:
    """How values compare; a negated operator holds where none of the policy's values does."""

    compare: Compare
    negated: bool = False


def _string(*, wild: bool = False, case: bool = True) -> Compare:
    return lambda value, wanted, context: matches_text(wanted, value, context, wild=wild, case=case)


def _arn(value: str, wanted: str, context: Context | None) -> bool:
    return matches_arn(wanted, value, context)


def _numeric(compare: Callable[[float, float], bool]) -> Compare:
    def holds(value: str, wanted: str, context: Context | None) -> bool:  # noqa: ARG001
        try:
            return compare(float(value), float(wanted))
        except ValueError:
            return False

    return holds


def _date(compare: Callable[[float, float], bool]) -> Compare:
    def holds(value: str, wanted: str, context: Context | None) -> bool:  # noqa: ARG001
        try:
            return compare(_seconds(value), _seconds(wanted))
        except ValueError:
            return False

    return holds


def _seconds(text: str) -> float:
    if text.isdecimal() and len(text) > len("2026"):
        return float(text)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _bool(value: str, wanted: str, context: Context | None) -> bool:  # noqa: ARG001
    return value.lower() == wanted.lower()


def _binary(value: str, wanted: str, context: Context | None) -> bool:  # noqa: ARG001
    try:
        return base64.b64decode(value, validate=True) == base64.b64decode(wanted, validate=True)
    except binascii.Error:
        return False


def _address(value: str, wanted: str, context: Context | None) -> bool:  # noqa: ARG001
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False


_EQUALS = _string()
_SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    "Equals": lambda value, wanted: value == wanted,
    "LessThan": lambda value, wanted: value < wanted,
    "LessThanEquals": lambda value, wanted: value <= wanted,
    "GreaterThan": lambda value, wanted: value > wanted,
    "GreaterThanEquals": lambda value, wanted: value >= wanted,
}
OPERATORS: Mapping[str, Operator] = {
    name.lower(): operator
    for name, operator in {
        "StringEquals": Operator(_EQUALS),
        "StringNotEquals": Operator(_EQUALS, negated=True),
        "StringEqualsIgnoreCase": Operator(_string(case=False)),
        "StringNotEqualsIgnoreCase": Operator(_string(case=False), negated=True),
        "StringLike": Operator(_string(wild=True)),
        "StringNotLike": Operator(_string(wild=True), negated=True),
        **{f"Numeric{name}": Operator(_numeric(compare)) for name, compare in _SIGNS.items()},
        "NumericNotEquals": Operator(_numeric(_SIGNS["Equals"]), negated=True),
        **{f"Date{name}": Operator(_date(compare)) for name, compare in _SIGNS.items()},
        "DateNotEquals": Operator(_date(_SIGNS["Equals"]), negated=True),
        "Bool": Operator(_bool),
        "BinaryEquals": Operator(_binary),
        "IpAddress": Operator(_address),
        "NotIpAddress": Operator(_address, negated=True),
        # ArnEquals and ArnLike behave alike.
        "ArnEquals": Operator(_arn),
        "ArnLike": Operator(_arn),
        "ArnNotEquals": Operator(_arn, negated=True),
        "ArnNotLike": Operator(_arn, negated=True),
    }.items()
}
