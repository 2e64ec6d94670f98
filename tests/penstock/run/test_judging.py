from typing import Any

import pytest

from penstock.run import judging

ONE = {"champion": 10.0, "challenger": 11.0, "lower": -1.0, "upper": 3.0, "confidence": 0.9, "rows": 1200}


@pytest.mark.parametrize(
    ("worse", "said"), [(2.04, "2.0 % worse"), (-2.0, "2.0 % better"), (0.0, "equal"), (None, "cannot be compared")]
)
def test_a_comparison_says_how_much_and_how_sure(worse: float | None, said: str) -> None:
    told = judging.versus({"rmse": ONE | {"worse_percent": worse}}, "rmse")
    assert told == f"rmse 11.0, champion 10.0 on the same 1 200 rows: {said} (-1.0 % to +3.0 % at 90 %)"


def test_what_could_not_be_computed_is_said() -> None:
    unknown: dict[str, Any] = {"challenger": None, "worse_percent": None, "lower": None, "upper": None}
    told = judging.versus({"r2": ONE | unknown}, "r2")
    assert told == "r2 none, champion 10.0 on the same 1 200 rows: cannot be compared (? to ? at 90 %)"


def test_a_metric_that_was_not_compared_is_not_told() -> None:
    assert judging.versus({"rmse": ONE}, "mae") == ""


def test_the_gates_metric_is_told_else_the_first() -> None:
    judged = {"comparison": {"mae": ONE | {"worse_percent": 1.0}, "rmse": ONE | {"worse_percent": 2.0}}}
    assert judging.compared(judged, "rmse").startswith("rmse ")
    assert judging.compared(judged).startswith("mae ")
