from typing import Any

from hooks.approvals import ask

EVENT: dict[str, Any] = {
    "execution": "arn:execution",
    "run": "7c1f09ab",
    "generation": 5,
    "report": "s3://artefacts/report.html",
    "hours": 72,
    "judged": {
        "challenger": {"metrics": {"rmse": 1043.71234, "r2": None}},
        "champion": {"run": "00000001", "metrics": {"rmse": 1050.0}},
    },
}


def test_the_question_says_what_is_asked_and_how_to_answer() -> None:
    subject, message = ask("dev-bigmart", "bigmart", EVENT)
    assert subject == "dev-bigmart: generation 5 waits for approval"
    assert message.splitlines() == [
        "dev-bigmart · run 7c1f09ab · generation 5 waits for approval",
        "",
        "Metrics of the new model, and of the champion, run 00000001:",
        "  rmse                 1043.71   1050",
        "  r2                   unknown",
        "Report  s3://artefacts/report.html",
        'Do      penstock approve bigmart --why "…"   or   penstock reject bigmart --why "…"',
        "Until   72 hours from now; without an answer it is rejected.",
        "Where   arn:execution",
    ]


def test_one_hour_is_one() -> None:
    assert "\nUntil   1 hour from now;" in ask("dev-bigmart", "bigmart", EVENT | {"hours": 1})[1]


def test_the_first_model_has_nothing_beside_it() -> None:
    judged = EVENT["judged"] | {"champion": None}
    _, message = ask("dev-bigmart", "bigmart", EVENT | {"judged": judged})
    assert "Metrics of the new model; nothing serves yet:" in message


def test_a_champion_whose_metrics_are_not_known_is_named_all_the_same() -> None:
    judged = EVENT["judged"] | {"champion": {"run": "00000001", "metrics": None}}
    _, message = ask("dev-bigmart", "bigmart", EVENT | {"judged": judged})
    assert "the champion, run 00000001:" in message
