from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.register import register
from penstock_constructs.steps.step import Machine

RequestOf = Callable[..., Any]
FOLDER = "s3://artefacts/bigmart/runs/7c1f09ab"
VARIABLES = {
    "run": "7c1f09ab",
    "folder": FOLDER,
    "evaluation": f"{FOLDER}/evaluation/",
    "artefact": f"{FOLDER}/output/model.tar.gz",
    "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/dev-forest:0123456789abcdef",
    "training_job": "dev-bigmart-7c1f09ab",
    "metrics": {"rmse": 1043.7},
    "judged": {"challenger": {"rows": 852}},
}


@pytest.mark.parametrize(("manual", "status"), [(False, "Approved"), (True, "PendingManualApproval")])
def test_the_package_has_all_that_is_known_of_the_model(
    machine: Machine, request_of: RequestOf, status: str, *, manual: bool
) -> None:
    request = request_of(register(machine=machine, manual=manual, then="next").states["Register"], **VARIABLES)
    assert request["ModelPackageGroupName"] == "dev-bigmart"
    assert request["ModelApprovalStatus"] == status
    assert request["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"] == f"{FOLDER}/evaluation/evaluation.json"
    assert request["ModelMetrics"]["ModelDataQuality"]["Statistics"]["S3Uri"] == f"{FOLDER}/profile/profile.json"
    assert request["CustomerMetadataProperties"] == {
        "run": "7c1f09ab",
        "data": f"{FOLDER}/pinned.json",
        "training_job": "dev-bigmart-7c1f09ab",
        "image": VARIABLES["image"],
        "code": "0123456789abcdef",
        "rows": "852",
        "metric:rmse": "1043.7",
    }


def test_a_call_made_again_makes_no_second_package(machine: Machine, request_of: RequestOf) -> None:
    states = register(machine=machine, manual=False, then="next").states
    tokens = {request_of(states[name], **VARIABLES)["ClientToken"] for name in ("Register", "Register again")}
    assert len(tokens) == 1
    assert len(tokens.pop()) <= 36


@pytest.mark.parametrize(
    ("state", "cause", "then"),
    [
        ("Register error", "ModelPackageGroup arn:aws:… does not exist.", "Create package group"),
        ("Register error", "User is not authorized", "Register again"),
        ("Create package group error", "Model Package Group already exists: arn:aws:…", "Register again"),
        ("Create package group error", "User is not authorized", "Create package group again"),
    ],
)
def test_the_group_is_made_if_it_is_missing(
    machine: Machine, evaluate: Callable[..., Any], state: str, cause: str, then: str
) -> None:
    choice = register(machine=machine, manual=False, then="next").states[state]
    expected = choice["Choices"][0]
    assert (expected["Next"] if evaluate(expected["Condition"], cause=cause) else choice["Default"]) == then


def test_the_group_s_request_is_whole(machine: Machine, request_of: RequestOf) -> None:
    states = register(machine=machine, manual=False, then="next").states
    assert request_of(states["Create package group"], run="7c1f09ab")["ModelPackageGroupName"] == "dev-bigmart"
    assert states["Create package group"]["Next"] == "Register again"


def test_the_generation_is_the_package_s_number(machine: Machine, evaluate: Callable[..., Any]) -> None:
    assigned = register(machine=machine, manual=False, then="next").states["Register"]["Assign"]
    arn = "arn:aws:sagemaker:us-east-1:123456789012:model-package/dev-bigmart/12"
    assert evaluate(assigned["generation"], states={"result": {"ModelPackageArn": arn}}) == 12
