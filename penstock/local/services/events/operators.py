"""What a pattern asks of one value: to be equal to another one, or what an operator says of it."""

import ipaddress
import itertools
import json
import operator
import re
from collections.abc import Callable
from typing import Any

_COMPARISONS = {"<": operator.lt, "<=": operator.le, "=": operator.eq, ">=": operator.ge, ">": operator.gt}
_ESCAPES = re.compile(r"\\[\\*]|\*|[^\\*]+|\\")
Test = Callable[[Any], bool]


class PatternError(ValueError):
    """A pattern that is none; the message is the reason."""


def test_of(value: Any) -> Test:
    """Read one value of a pattern.

    Raises:
        PatternError: it is none.
    """
    if not isinstance(value, dict):
        return _equals(value)
    if len(value) != 1:
        raise PatternError(f"Only one key allowed in match expression: {json.dumps(value)}")
    [(name, argument)] = value.items()
    if name == "exists":
        if argument is not True:
            raise PatternError("exists match pattern must be either true or false.")
        return lambda _: True
    if name not in _OPERATORS:
        raise PatternError(f"Unrecognized match type {name}")
    return _OPERATORS[name](argument)


def _equals(expected: Any) -> Test:
    if isinstance(expected, list):
        raise PatternError("Match value must be String, number, true, false, or null")
    # True is 1 in Python, and not in JSON.
    boolean = isinstance(expected, bool)
    return lambda value: isinstance(value, bool) == boolean and bool(value == expected)


def _prefix(argument: Any) -> Test:
    text, fold = _text("prefix", argument)
    return lambda value: isinstance(value, str) and fold(value).startswith(text)


def _suffix(argument: Any) -> Test:
    text, fold = _text("suffix", argument)
    return lambda value: isinstance(value, str) and fold(value).endswith(text)


def _text(name: str, argument: Any) -> tuple[str, Callable[[str], str]]:
    if isinstance(argument, dict) and argument.keys() == {"equals-ignore-case"}:
        folded = _string(name, argument["equals-ignore-case"])
        return folded.casefold(), str.casefold
    return _string(name, argument), str


def _equals_ignore_case(argument: Any) -> Test:
    text = _string("equals-ignore-case", argument).casefold()
    return lambda value: isinstance(value, str) and value.casefold() == text


def _wildcard(argument: Any) -> Test:
    parts = _ESCAPES.findall(_string("wildcard", argument))
    if "\\" in parts:
        raise PatternError("Invalid escape character in wildcard")
    if any(pair == ("*", "*") for pair in itertools.pairwise(parts)):
        raise PatternError("Consecutive wildcard characters are not allowed")
    pattern = re.compile("".join(".*" if part == "*" else re.escape(_unescaped(part)) for part in parts), re.DOTALL)
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _unescaped(part: str) -> str:
    return part[1:] if part in {"\\*", "\\\\"} else part


def _cidr(argument: Any) -> Test:
    try:
        network = ipaddress.ip_network(_string("cidr", argument), strict=False)
    except ValueError as error:
        raise PatternError(f"Malformed CIDR, one '/' required: {argument!r}") from error
    return lambda value: isinstance(value, str) and (address := _address(value)) is not None and address in network


def _address(value: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(value)
    except ValueError:
        return None


def _numeric(argument: Any) -> Test:
    if not isinstance(argument, list) or len(argument) not in {2, 4}:
        raise PatternError(f"Value of numeric must be an array of comparisons and numbers: {argument!r}")
    bounds = [*zip(argument[::2], argument[1::2], strict=True)]
    for name, bound in bounds:
        if name not in _COMPARISONS:
            raise PatternError(f"Unrecognized numeric range operator: {name}")
        if not _number(bound):
            raise PatternError(f"Value of {name} must be numeric")
    if len(bounds) > 1:
        _check_range(*bounds)
    return lambda value: _number(value) and all(_COMPARISONS[name](value, bound) for name, bound in bounds)


def _check_range(bottom: tuple[str, float], top: tuple[str, float]) -> None:
    if bottom[0] not in {">", ">="}:
        raise PatternError("Too many elements in numeric expression")
    if top[0] not in {"<", "<="}:
        raise PatternError(f"Bad numeric range operator: {top[0]}")
    if bottom[1] >= top[1]:
        raise PatternError("Bottom must be less than top")


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _anything_but(argument: Any) -> Test:
    """Negate values, or an operator on one or several of them."""
    make: Callable[[Any], Test] = _equals
    if isinstance(argument, dict):
        [(name, argument)] = argument.items() if len(argument) == 1 else [("", None)]
        if name not in {"prefix", "suffix", "equals-ignore-case", "wildcard"}:
            raise PatternError(f"Unsupported anything-but pattern: {name}")
        make = _OPERATORS[name]
    values = argument if isinstance(argument, list) else [argument]
    if not values:
        raise PatternError("Empty arrays are not allowed: anything-but")
    tests = [make(value) for value in values]
    return lambda value: not any(test(value) for test in tests)


def _string(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise PatternError(f"{name} match pattern must be a string")
    return value


_OPERATORS: dict[str, Callable[[Any], Test]] = {
    "anything-but": _anything_but,
    "cidr": _cidr,
    "equals-ignore-case": _equals_ignore_case,
    "numeric": _numeric,
    "prefix": _prefix,
    "suffix": _suffix,
    "wildcard": _wildcard,
}
