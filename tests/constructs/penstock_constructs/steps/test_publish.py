from collections.abc import Callable
from typing import Any, Literal

import pytest

from penstock_constructs.steps.publish import publish
from penstock_constructs.steps.step import Machine, State

Kind = Literal["endpoint", "batch"]
Evaluate = Callable[..., Any]
FOLDER = "s3://artefacts/bigmart/runs/7c1f09ab"
DEPLOYED = {
    "outcome": "DEPLOYED",
    "run": "7c1f09ab",
    "generation": 3,
    "model": "dev-bigmart-7c1f09ab",
    "config": "dev-bigmart-7c1f09ab",
    "serves_as": "main",
    "reasons": [],
    "metrics": {"rmse": 1043.7},
    "judged": {"challenger": {}, "champion": {"run": "5d02c1e9"}, "comparison": {"rmse": {}}},
    "evaluation": f"{FOLDER}/evaluation/",
    "predictions": f"{FOLDER}/predictions/",
}
REJECTED = DEPLOYED | {
    "outcome": "REJECTED",
    "generation": 0,
    "model": "",
    "config": "",
    "reasons": ["rmse is 1400.", "It is worse."],
}
SUPERSEDED = REJECTED | {
    "outcome": "SUPERSEDED",
    "reasons": ["A newer run takes its place."],
    "metrics": {},
    "evaluation": "",
    "judged": {"challenger": {}, "champion": None, "comparison": None},
}


@pytest.fixture
def state(machine: Machine, thing: Any) -> Callable[[Kind], State]:
    return lambda kind: publish(machine=machine, topic=thing, kind=kind).states["Publish"]


def _output(state: State, evaluate: Evaluate, variables: dict[str, Any]) -> dict[str, Any]:
    return {
        name: evaluate(value, **variables) if str(value).startswith("{%") else value
        for name, value in state["Output"].items()
    }


def test_the_execution_ends_with_what_was_deployed(state: Callable[[Kind], State], evaluate: Evaluate) -> None:
    assert state("endpoint")["End"] is True
    assert _output(state("endpoint"), evaluate, DEPLOYED) == {
        "outcome": "DEPLOYED",
        "pipeline": "dev-bigmart",
        "run": "7c1f09ab",
        "generation": 3,
        "model": "dev-bigmart-7c1f09ab",
        "endpoint": "dev-bigmart",
        "endpoint_config": "dev-bigmart-7c1f09ab",
        "reasons": [],
        "metrics": {"rmse": 1043.7},
        "champion": {"run": "5d02c1e9"},
        "comparison": {"rmse": {}},
        "report": f"{FOLDER}/evaluation/report.html",
    }


def test_a_batch_ends_with_its_predictions(state: Callable[[Kind], State], evaluate: Evaluate) -> None:
    output = _output(state("batch"), evaluate, DEPLOYED)
    assert (output["endpoint"], output["predictions"]) == (None, f"{FOLDER}/predictions/")


def test_what_there_is_none_of_is_null(state: Callable[[Kind], State], evaluate: Evaluate) -> None:
    output = _output(state("endpoint"), evaluate, SUPERSEDED)
    empty = ("generation", "model", "endpoint_config", "champion", "comparison", "report")
    assert {output[name] for name in empty} == {None}
    assert output["reasons"] == ["A newer run takes its place."]


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        (
            "endpoint",
            DEPLOYED,
            "Endpoint dev-bigmart serves dev-bigmart-7c1f09ab, generation 3, of run 7c1f09ab. It passed the smoke test."
            f' Its metrics on the test rows: {{"rmse":1043.7}}. Its report: {FOLDER}/evaluation/report.html.'
            " Nothing is to be done.",
        ),
        (
            "endpoint",
            DEPLOYED | {"serves_as": "challenger", "metrics": {}, "evaluation": ""},
            "Endpoint dev-bigmart serves dev-bigmart-7c1f09ab as its challenger, generation 3, of run 7c1f09ab."
            " It passed the smoke test. Nothing is to be done.",
        ),
        (
            "batch",
            DEPLOYED | {"metrics": {}, "evaluation": ""},
            f"The predictions of dev-bigmart-7c1f09ab, generation 3, of run 7c1f09ab, are at {FOLDER}/predictions/."
            " Nothing is to be done.",
        ),
        (
            "endpoint",
            REJECTED,
            "Run 7c1f09ab deployed nothing. rmse is 1400. It is worse. Endpoint dev-bigmart serves what it served"
            f' before. Its metrics on the test rows: {{"rmse":1043.7}}. Its report: {FOLDER}/evaluation/report.html.',
        ),
        (
            "batch",
            SUPERSEDED,
            "Run 7c1f09ab deployed nothing. A newer run takes its place. Nothing was predicted.",
        ),
    ],
)
def test_people_are_told_what_came_of_it(
    state: Callable[[Kind], State], evaluate: Evaluate, kind: Kind, given: dict[str, Any], message: str
) -> None:
    assert evaluate(state(kind)["Arguments"]["Message"], **given) == message


@pytest.mark.parametrize(
    ("given", "subject"),
    [
        (DEPLOYED, "dev-bigmart: a new model is in service"),
        (REJECTED, "dev-bigmart: a new model was rejected"),
        (SUPERSEDED, "dev-bigmart: a run gave way to a newer one"),
    ],
)
def test_the_subject_says_the_outcome(
    state: Callable[[Kind], State], evaluate: Evaluate, given: dict[str, Any], subject: str
) -> None:
    assert evaluate(state("endpoint")["Arguments"]["Subject"], **given) == subject


def test_the_key_is_used_through_the_topic_only(machine: Machine, thing: Any) -> None:
    step = publish(machine=machine, topic=thing, kind="endpoint")
    assert [statement["via"] for statement in step.statements if "via" in statement] == ["sns"]
