from datetime import UTC, datetime
from typing import Any

import pytest

from penstock.local.services.stepfunctions.expressions import ExpressionError, parse, value_of

STATES = {"input": {"nothing": None, "one": [{"n": 5}], "two": [{"n": 1}, {"n": 2}], "ratio": 1.0}}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$states.input.nothing", None),
        ("$exists($states.input.nothing)", True),
        ("$exists($states.input.missing)", False),
        ("$states.input.two.n", [1, 2]),
        ("$states.input.one.n", 5),
        ("$states.input.one[]", [{"n": 5}]),
        ("{'a': $states.input.missing, 'b': 2}", {"b": 2}),
        ("10 / 2", 5),
        ("[1..3]", [1, 2, 3]),
        ("$parse('[1, null]')", [1, None]),
        ("$partition([1..5], 2)", [[1, 2], [3, 4], [5]]),
        ("$range(0, 10, 5)", [0, 5, 10]),
        ("$hash('a', 'SHA-256')", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
    ],
)
def test_a_value(expression: str, value: Any) -> None:
    assert value_of(expression, {"states": STATES}) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [("$millis()", 1795168800250), ("$now()", "2026-11-20T10:00:00.250Z"), ("$now('[Y0001]-[M01]')", "2026-11")],
)
def test_the_time_is_the_clouds(expression: str, value: Any) -> None:
    assert value_of(expression, {}, datetime(2026, 11, 20, 10, 0, 0, 250_000, UTC)) == value


@pytest.mark.parametrize("value", ['say "hi"', "back\\slash", '{"json": "\\""}', "é😀\n", None, {"a": [None, ""]}])
def test_a_variable_is_what_it_is(value: Any) -> None:
    assert value_of("$variable", {"variable": value}) == value


def test_a_value_of_a_variable_is_not_changed_by_its_use() -> None:
    variable = {"list": [None, {"a": None}]}
    value_of("$append($variable.list, [1])", {"variable": variable})
    assert variable == {"list": [None, {"a": None}]}


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("$states.input.missing", "returned nothing (undefined)."),
        ("$", "returned nothing (undefined)."),
        ("$sum", "returned an unsupported result type."),
        (
            "'a' + 1",
            "threw an error during evaluation. T2001: The left side of the + operator must evaluate to a number",
        ),
        ("$parse('{')", "threw an error during evaluation. JSONDecodeError"),
    ],
)
def test_no_value(expression: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        value_of(expression, {"states": STATES})
    assert message in str(raised.value)


def test_a_syntax_error_is_found_without_evaluating() -> None:
    with pytest.raises(ExpressionError, match="S0207"):
        parse("1 +")
