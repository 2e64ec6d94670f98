from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.check_data import check_data
from penstock_constructs.steps.processing import Processing
from penstock_constructs.steps.step import Machine

FOLDER = "s3://artefacts/bigmart/runs/7c1f09ab"


@pytest.mark.parametrize(
    ("profile", "inputs"),
    [("", ["data", "settings"]), ("s3://artefacts/old/profile/", ["data", "settings", "champion"])],
)
def test_the_champion_s_profile_is_compared_with_if_there_is_one(
    machine: Machine, request_of: Callable[..., Any], profile: str, inputs: list[str]
) -> None:
    step = check_data(machine=machine, job=Processing("image", "check", 30, 3600), then="Process")
    request = request_of(
        step.states["Check data"],
        run="7c1f09ab",
        folder=FOLDER,
        data=f"{FOLDER}/input/",
        settings=f"{FOLDER}/settings/",
        champion_profile=profile,
        instance_types={"check": "ml.m5.large"},
        volume_keys={"check": True},
    )
    assert [item["InputName"] for item in request["ProcessingInputs"]] == inputs


def test_the_profile_is_kept_of_data_that_do_not_pass(machine: Machine) -> None:
    step = check_data(machine=machine, job=Processing("image", "check", 30, 3600), then="Process")
    (output,) = step.states["Check data"]["Arguments"]["ProcessingOutputConfig"]["Outputs"]
    assert output["S3Output"]["S3UploadMode"] == "Continuous"
