import pytest

from penstock.local.services.cloudwatch.calculation import Calculation, Value
from penstock.local.services.cloudwatch.expressions import ExpressionError, names, parse

_TIMES = (0, 60, 120)
_VALUES: dict[str, Value] = {
    "errors": {0: 1.0, 120: 3.0},
    "all": {0: 4.0, 60: 0.0, 120: 6.0},
    "few": {60: 7.0},
    "none": {},
}


def calculated(text: str) -> Value:
    return Calculation(_VALUES, ["errors", "all"], _TIMES, 60).of(parse(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 ^ 2 - 4 / 2", 17),
        ("-(2 - 5)", 3),
        ("2 - 3 - 4", -5),
        (".5e1", 5),
        ("errors", {0: 1, 120: 3}),
        ("100 * errors / all", {0: 25, 120: 50}),
        ("errors + few", {}),
        ("all * 1e308 * 100", {60: 0}),  # nor is there a number beyond all others
        ("all / all", {0: 1, 120: 1}),  # nothing is divided by zero
        ("IF(all > 0, 100 * errors / all, 0)", {0: 25, 60: 0, 120: 50}),
        ("IF(all > 0, errors)", {0: 1, 120: 3}),
        ("IF(1 > 2, 5, 6)", 6),
        ("IF(1, errors, 0)", {0: 1, 120: 3}),
        ("SUM([errors, all])", {0: 5, 60: 0, 120: 9}),
        ("SUM(METRICS())", {0: 5, 60: 0, 120: 9}),
        ("AVG([errors, all])", {0: 2.5, 60: 0, 120: 4.5}),
        ("MAX([errors, all]) - MIN([errors, all])", {0: 3, 60: 0, 120: 3}),
        ("MAX([errors * 2, all])", {0: 4, 60: 0, 120: 6}),
        ("SUM(all)", 10),
        ("SUM(5)", 5),
        ("all - MIN(all)", {0: 4, 60: 0, 120: 6}),
        ("all - MIN(none)", {}),
        ("SUM([errors, all] * 2)", {0: 10, 60: 0, 120: 18}),
        ("SUM(2 * [errors, all])", {0: 10, 60: 0, 120: 18}),
        ("FILL(errors, 0)", {0: 1, 60: 0, 120: 3}),
        ("FILL(errors, few)", {0: 1, 60: 7, 120: 3}),
        ("FILL(errors, REPEAT)", {0: 1, 60: 1, 120: 3}),
        ("FILL(few, REPEAT)", {60: 7, 120: 7}),
        ("SUM(FILL([errors, few], 0))", {0: 1, 60: 7, 120: 3}),
        ("errors / PERIOD(errors) * 60", {0: 1, 120: 3}),
        ("all >= 4 AND errors < 3", {0: 1, 120: 0}),
        ("all == 0 OR all != 6", {0: 1, 60: 1, 120: 0}),
        ("(all == 0 || all <= 4) && 1", {0: 1, 60: 1, 120: 0}),
        ("ABS(0 - errors)", {0: 1, 120: 3}),
        ("CEIL(errors / 2) + FLOOR(errors / 2)", {0: 1, 120: 3}),
    ],
)
def test_what_an_expression_comes_to(text: str, value: Value) -> None:
    assert calculated(text) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 +", "'1 +' ends too early"),
        ("1 2", "unexpected '2'"),
        ("(1", "ends too early"),
        ("[1 2]", "',' is missing"),
        ("1 ? 2", "unexpected '?'"),
        ("'text'", "unexpected \"'text'\""),
        (")", "unexpected ')'"),
        ("SEARCH('{N,a} m', 'Sum', 300)", "does not have metric math's function SEARCH; it has ABS, AVG, "),
        ("IF(1)", "IF does not take 1 argument"),
        ("SUM()", "SUM does not take 0 arguments"),
        ("(" * 200 + "1" + ")" * 200, "nested too deeply"),
        ("FILL(1, 2)", "FILL takes time series"),
        ("SUM([errors, 1])", "takes time series"),
        ("IF([errors, all], 1, 2)", "an array stands where"),
    ],
)
def test_an_error_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        calculated(text)
    assert message in str(raised.value)


def test_the_ids_of_an_expression() -> None:
    assert [*names(parse("SUM([a, b]) / FILL(c, REPEAT) + 1"))] == ["a", "b", "c"]
