"""Every request that a state machine makes is valid by AWS's own model of the service."""

from collections.abc import Callable
from typing import Any

import pytest

Definitions = dict[str, dict[str, Any]]
RequestOf = Callable[..., Any]

FOLDER = "s3://artefacts/bigmart/runs/7c1f09ab"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/dev-forest:0123456789abcdef"
USES = ("check", "process", "train", "evaluate", "deploy", "batch")
VARIABLES = {
    "run": "7c1f09ab",
    "known": False,
    "generation": 3,
    "folder": FOLDER,
    "data": f"{FOLDER}/input/",
    "settings": f"{FOLDER}/settings/",
    "predict": f"{FOLDER}/predict/",
    "predictions": f"{FOLDER}/predictions/",
    "evaluation": f"{FOLDER}/evaluation/",
    "champion_profile": "",
    "hyperparameters": {"problem": "regression", "n_estimators": "100"},
    "instance_types": dict.fromkeys(USES, "ml.m5.large"),
    "volume_keys": dict.fromkeys(USES, True),
    "artefact": f"{FOLDER}/output/dev-bigmart-7c1f09ab/output/model.tar.gz",
    "image": IMAGE,
    "model_run": "",
    "training_job": "dev-bigmart-7c1f09ab",
    "champion": {},
    "metrics": {"rmse": 1043.7},
    "judged": {"challenger": {"rows": 852}, "champion": None, "comparison": None},
    "package": "arn:aws:sagemaker:us-east-1:123456789012:model-package/dev-bigmart/3",
    "approved": True,
    "why": "good",
    "model": "dev-bigmart-7c1f09ab",
    "config": "dev-bigmart-7c1f09ab",
    "former": "dev-bigmart-5d02c1e9",
    "serves_as": "main",
    "lock_owner": "arn:aws:states:us-east-1:123456789012:execution:dev-bigmart:5d02c1e9",
    "outcome": "DEPLOYED",
    "reasons": [],
}
CHAMPION = {
    "run": "5d02c1e9",
    "generation": 2,
    "model": "dev-bigmart-5d02c1e9",
    "artefact": "s3://artefacts/bigmart/runs/5d02c1e9/output/dev-bigmart-5d02c1e9/output/model.tar.gz",
    "image": IMAGE,
    "seen": "s3://artefacts/bigmart/runs/5d02c1e9/processed/seen/",
}
PROFILE = "s3://artefacts/bigmart/runs/5d02c1e9/profile/"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"champion": CHAMPION, "champion_profile": PROFILE},
        {"champion": CHAMPION | {"image": f"{IMAGE}0", "seen": ""}, "volume_keys": dict.fromkeys(USES, False)},
        {"known": True, "model_run": "5d02c1e9", "champion": CHAMPION},
        {"outcome": "REJECTED", "reasons": ["rmse is 1400, at most 1300 is allowed"]},
    ],
    ids=["first", "with a champion", "other image, own disks", "known model", "rejected"],
)
def test_every_request_is_valid(definitions: Definitions, request_of: RequestOf, given: dict[str, Any]) -> None:
    for name, definition in definitions.items():
        for state, task in definition["States"].items():
            if task["Type"] == "Task" and (state != "Score champion" or "champion" in given):
                try:
                    request_of(task, **VARIABLES | given)
                except Exception as error:
                    raise AssertionError(f"{name}: {state}") from error


def test_a_champion_is_given_only_if_there_is_one(definitions: Definitions, request_of: RequestOf) -> None:
    evaluate = definitions["bigmart"]["States"]["Evaluate"]
    alone = request_of(evaluate, **VARIABLES)["AppSpecification"]["ContainerArguments"]
    beside = request_of(evaluate, **VARIABLES | {"champion": CHAMPION})["AppSpecification"]["ContainerArguments"]
    assert [argument for argument in beside if argument not in alone] == [
        "--champion-model",
        "/opt/ml/processing/champion-model",
        "--champion-seen",
        "/opt/ml/processing/champion-seen",
        "--champion-run",
        "5d02c1e9",
    ]
