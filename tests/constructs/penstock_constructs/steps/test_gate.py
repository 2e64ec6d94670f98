from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.gate import gate

Evaluate = Callable[..., Any]


@pytest.mark.parametrize(
    ("bounds", "metrics", "passes"),
    [
        ({"at_most": 1300, "at_least": None}, {"score": 1300}, True),
        ({"at_most": 1300, "at_least": None}, {"score": 1300.1}, False),
        ({"at_most": None, "at_least": 0.8}, {"score": 0.8}, True),
        ({"at_most": None, "at_least": 0.8}, {"score": 0.79}, False),
        ({"at_most": 1300, "at_least": None}, {"other": 1}, False),
        ({"at_most": 1300, "at_least": None}, {}, False),
    ],
)
def test_a_model_passes_if_its_metric_is_within_the_bound(
    evaluate: Evaluate, bounds: dict[str, Any], metrics: dict[str, float], *, passes: bool
) -> None:
    (choice,) = gate(metric="score", **bounds, then="Create model").states["Gate"]["Choices"]
    assert evaluate(choice["Condition"], metrics=metrics) is passes


def test_what_does_not_pass_is_rejected() -> None:
    states = gate(metric="rmse", at_most=1300, at_least=None, then="Create model").states
    assert states["Gate"]["Default"] == "Rejected"
    assert states["Rejected"]["Type"] == "Succeed"
    assert states["Rejected"]["Output"]["outcome"] == "REJECTED"


@pytest.mark.parametrize(
    ("metrics", "reason"),
    [
        ({"rmse": 1412.5}, "rmse is 1412.5, at most 1300 is required"),
        ({}, "the training job reported no metric rmse"),
    ],
)
def test_the_reason_has_the_numbers(evaluate: Evaluate, metrics: dict[str, float], reason: str) -> None:
    states = gate(metric="rmse", at_most=1300, at_least=None, then="Create model").states
    (expression,) = states["Rejected"]["Output"]["reasons"]
    assert evaluate(expression, metrics=metrics) == reason
