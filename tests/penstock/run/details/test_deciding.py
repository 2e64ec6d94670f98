from typing import Any

import pytest

from penstock.run.details.seen import Detail

EVALUATION = {"rows": 836, "metrics": {"rmse": 1043.72, "mae": 731.25, "r2": 0.612, "mape": 0.4}}
COMPARISON = {
    "rmse": {
        "champion": 1060.1,
        "challenger": 1043.72,
        "worse_percent": -1.54,
        "lower": -3.12,
        "upper": 0.21,
        "confidence": 0.95,
        "rows": 812,
    }
}
GATE = {"Payload": {"rules": {"metric": "rmse"}}}


@pytest.mark.parametrize(
    ("champion", "shown"),
    [({}, "there is none yet"), ({"run": "5d02c1e9", "generation": 4}, "generation 4, of run 5d02c1e9")],
)
def test_the_champion_is_named(describe: Any, champion: dict[str, Any], shown: str) -> None:
    assert describe("Find champion", {}, champion=champion).words == shown


def test_the_evaluation_shows_metrics_and_rows(describe: Any) -> None:
    shown = describe("Evaluate", {}, stored={"evaluation/evaluation.json": {"penstock": EVALUATION}})
    assert shown.words == "rmse 1 043.7 · mae 731.2 · r2 0.612 · 836 rows"


def test_a_champion_that_was_not_compared_is_said(describe: Any) -> None:
    found = {"penstock": EVALUATION | {"not_compared": "it has seen every row"}}
    shown = describe("Evaluate", {}, stored={"evaluation/evaluation.json": found}, champion={"run": "1"})
    assert shown.words.endswith(" · champion not compared: it has seen every row")


def test_without_an_evaluation_nothing_is_shown(describe: Any) -> None:
    assert describe("Evaluate", {}).words == ""


def test_a_model_that_passed_is_shown_beside_the_champion(describe: Any) -> None:
    judged = {"challenger": {"metrics": EVALUATION["metrics"]}, "comparison": COMPARISON}
    assert describe("Gate", {}, asked=GATE, passed=True, judged=judged) == Detail(
        "passed · rmse 1 043.7, champion 1 060.1 on the same 812 rows: 1.5 % better (-3.1 % to +0.2 % at 95 %)"
    )


def test_without_a_champion_the_metrics_stand_alone(describe: Any) -> None:
    judged = {"challenger": {"metrics": {"rmse": 1043.72}}, "comparison": None}
    assert describe("Gate", {}, passed=True, judged=judged) == Detail("passed · rmse 1 043.7")


def test_a_rejected_model_is_marked(describe: Any) -> None:
    judged = {"challenger": {"metrics": {"rmse": 2210.51234}}, "comparison": None}
    assert describe("Gate", {}, passed=False, judged=judged) == Detail("rejected · rmse 2 210.5", held=False)


def test_a_registered_model_has_its_number(describe: Any) -> None:
    assert describe("Register", {}, generation=5).words == "generation 5"


@pytest.mark.parametrize(
    ("approved", "caught", "why", "shown"),
    [
        (True, "", "fine", Detail("approved: fine")),
        (False, "", "too wild", Detail("rejected: too wild", held=False)),
        (
            False,
            "States.Timeout",
            "nobody answered within 72 hours",
            Detail("rejected: nobody answered within 72 hours", held=False),
        ),
    ],
)
def test_an_approval_shows_the_answer(describe: Any, *, approved: bool, caught: str, why: str, shown: Detail) -> None:
    output = None if caught else {"approved": approved}
    assert describe("Ask for approval", output, caught=caught, approved=approved, why=why) == shown
