from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.evaluate import evaluate as evaluate_step
from penstock_constructs.steps.evaluate import score_champion
from penstock_constructs.steps.processing import Processing
from penstock_constructs.steps.step import Machine

RequestOf = Callable[..., Any]
FOLDER = "s3://artefacts/bigmart/runs/7c1f09ab"
VARIABLES = {
    "run": "7c1f09ab",
    "folder": FOLDER,
    "settings": f"{FOLDER}/settings/",
    "artefact": f"{FOLDER}/output/model.tar.gz",
    "image": "registry/ours:1",
    "instance_types": {"evaluate": "ml.m5.large"},
    "volume_keys": {"evaluate": True},
}
CHAMPION = {
    "run": "00000001",
    "artefact": "s3://old/model.tar.gz",
    "image": "registry/ours:1",
    "seen": "s3://old/seen/",
}
JOB = Processing("", "evaluate", 30, 3600)


@pytest.fixture
def request_with(machine: Machine, request_of: RequestOf) -> RequestOf:
    def run(champion: dict[str, Any]) -> Any:
        state = evaluate_step(machine=machine, job=JOB, then="Gate").states["Evaluate"]
        return request_of(state, champion=champion, **VARIABLES)

    return run


@pytest.mark.parametrize(
    ("champion", "more"),
    [
        ({}, []),
        (CHAMPION, ["champion-model", "champion-seen"]),
        (CHAMPION | {"image": "registry/ours:0"}, ["champion-predictions", "champion-seen"]),
        (CHAMPION | {"seen": ""}, ["champion-model"]),
    ],
    ids=["no champion", "of the same image", "of another image", "that has seen who knows what"],
)
def test_the_champion_is_judged_too_if_there_is_one(
    request_with: RequestOf, champion: dict[str, Any], more: list[str]
) -> None:
    request = request_with(champion)
    assert [item["InputName"] for item in request["ProcessingInputs"]] == ["model", "test", "settings", "seen", *more]
    arguments = request["AppSpecification"]["ContainerArguments"]
    assert arguments[len(arguments) - 2 :] == (
        ["--champion-run", "00000001"] if champion else ["--output", "/opt/ml/processing/output"]
    )


def test_the_model_is_judged_in_its_own_image(request_with: RequestOf) -> None:
    assert request_with({})["AppSpecification"]["ImageUri"] == "registry/ours:1"


def test_where_the_evaluation_is_is_assigned(machine: Machine, evaluate: Callable[..., Any]) -> None:
    state = evaluate_step(machine=machine, job=JOB, then="Gate").states["Evaluate"]
    assert evaluate(state["Assign"]["evaluation"], folder=FOLDER) == f"{FOLDER}/evaluation/"


def test_the_champion_is_scored_in_the_image_that_it_was_trained_in(machine: Machine, request_of: RequestOf) -> None:
    state = score_champion(machine=machine, job=JOB, then="Evaluate").states["Score champion"]
    request = request_of(state, champion=CHAMPION | {"image": "registry/ours:0"}, **VARIABLES)
    assert request["AppSpecification"]["ImageUri"] == "registry/ours:0"
    assert request["ProcessingInputs"][0]["S3Input"]["S3Uri"] == "s3://old/model.tar.gz"
    assert request["ProcessingJobName"] == "dev-bigmart-champion-7c1f09ab"
