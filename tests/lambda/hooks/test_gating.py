import json
from typing import Any

import pytest

from hooks.gating import InvalidEvaluation, judged_champion, read_evaluation, reasons

ABSOLUTE = {"metric": "rmse", "at_most": 1300, "at_least": None, "versus_champion": None}
VERSUS = {"metric": "rmse", "at_most": None, "at_least": None, "versus_champion": {"no_worse_than_percent": 2}}
CHAMPION = {"run": "00000001", "generation": 4}


def _judged(value: Any = 1000.0, **compared: Any) -> dict[str, Any]:
    comparison = {"rmse": {"confidence": 0.95, "lower": -3.0, "upper": 1.0, "rows": 812} | compared}
    return {"rows": 852, "metrics": {"rmse": value}, "comparison": comparison, "not_compared": "", "champion": None}


def test_without_rules_every_model_passes() -> None:
    assert reasons(None, _judged(None), CHAMPION) == []


@pytest.mark.parametrize(
    ("bounds", "value", "found"),
    [
        ({"at_most": 1300}, 1300, []),
        ({"at_most": 1300}, 1300.1, ["rmse is 1300.1, at most 1300 is required"]),
        ({"at_most": 1300}, 1300.0001, ["rmse is 1300.0001, at most 1300 is required"]),
        ({"at_least": 0.8}, 0.8, []),
        ({"at_least": 0.8}, 0.79, ["rmse is 0.79, at least 0.8 is required"]),
        ({"at_least": 1, "at_most": 2}, 3, ["rmse is 3, at most 2 is required"]),
    ],
)
def test_a_model_passes_if_its_metric_is_within_the_bounds(
    bounds: dict[str, Any], value: float, found: list[str]
) -> None:
    assert reasons({"metric": "rmse", **bounds}, _judged(value), {}) == found


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), float("-inf"), "1", True])
def test_what_is_no_finite_number_never_passes(value: Any) -> None:
    (reason,) = reasons(ABSOLUTE, _judged(value), {})
    assert reason == "rmse is not known: the evaluation gives no finite number"


def test_a_metric_that_is_missing_never_passes() -> None:
    (reason,) = reasons({"metric": "mae", "at_most": 1}, _judged(), {})
    assert reason == "mae is not known: the evaluation has no such metric"


def test_a_comparison_does_not_excuse_a_metric_that_is_not_known() -> None:
    assert reasons(VERSUS, _judged(None), CHAMPION) == ["rmse is not known: the evaluation gives no finite number"]


@pytest.mark.parametrize(
    ("limit", "upper", "found"),
    [
        (2, 2.0, []),
        (2, -1.0, []),
        (0, 0, []),
        (
            2,
            2.5,
            [
                "rmse may be 2.5 % worse than the champion's (95% interval -3 to +2.5 %, 812 rows);"
                " at most 2 % worse is required"
            ],
        ),
        (-1, -1.0, []),
        (
            -1,
            -0.5,
            [
                "rmse may be 0.5 % better than the champion's (95% interval -3 to -0.5 %, 812 rows);"
                " at least 1 % better is required"
            ],
        ),
    ],
)
def test_the_interval_s_upper_end_decides(limit: float, upper: float, found: list[str]) -> None:
    rules = VERSUS | {"versus_champion": {"no_worse_than_percent": limit}}
    assert reasons(rules, _judged(upper=upper), CHAMPION) == found


@pytest.mark.parametrize("upper", [None, float("nan"), float("inf"), "0"])
def test_an_interval_that_is_not_known_never_passes(upper: Any) -> None:
    (reason,) = reasons(VERSUS, _judged(upper=upper), CHAMPION)
    assert "the interval's upper end is no finite number" in reason


@pytest.mark.parametrize(
    ("comparison", "not_compared", "why"),
    [
        (None, "every test row was seen by the champion", "every test row was seen by the champion"),
        (None, "", "the evaluation has no comparison of rmse"),
        ({"mae": {"upper": 0}}, "", "the evaluation has no comparison of rmse"),
    ],
)
def test_a_champion_that_it_was_not_compared_with_is_not_beaten(comparison: Any, not_compared: str, why: str) -> None:
    judged = _judged() | {"comparison": comparison, "not_compared": not_compared}
    assert reasons(VERSUS, judged, CHAMPION) == [f"it could not be compared with the champion: {why}"]


def test_without_a_champion_there_is_none_to_beat() -> None:
    assert reasons(VERSUS, _judged() | {"comparison": None}, {}) == []


def test_an_interval_of_which_little_is_known_is_said_without_it() -> None:
    judged = _judged() | {"comparison": {"rmse": {"upper": 3}}}
    assert reasons(VERSUS, judged, CHAMPION) == [
        "rmse may be 3 % worse than the champion's; at most 2 % worse is required"
    ]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_no_number_that_is_read_is_not_finite(number: str) -> None:
    text = json.dumps({"penstock": _judged(0) | {"rows": 5, "comparison": None}}).replace("0", number)
    assert read_evaluation(text)["metrics"] == {"rmse": None}


@pytest.mark.parametrize("text", ["", "{", "null", "[]", '{"penstock": 1}', '{"penstock": {"metrics": {"rmse": 1}}}'])
def test_what_is_no_evaluation_is_said(text: str) -> None:
    with pytest.raises(InvalidEvaluation, match='needs an object "penstock" with rows, metrics, champion, comparison'):
        read_evaluation(text)


def test_metrics_that_are_none_are_no_evaluation() -> None:
    with pytest.raises(InvalidEvaluation, match="metrics is an object of numbers"):
        read_evaluation(json.dumps({"penstock": _judged() | {"metrics": None}}))


@pytest.mark.parametrize(("known", "metrics"), [({"metrics": {"rmse": 9}}, {"rmse": 9}), (None, None)])
def test_the_champion_is_named_with_its_metrics_if_they_are_known(known: Any, metrics: Any) -> None:
    judged = _judged() | {"champion": known}
    assert judged_champion(CHAMPION, judged) == {"generation": 4, "run": "00000001", "metrics": metrics}


def test_no_champion_is_none() -> None:
    assert judged_champion({}, _judged()) is None
