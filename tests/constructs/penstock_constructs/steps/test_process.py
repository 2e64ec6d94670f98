from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.process import process
from penstock_constructs.steps.processing import Processing
from penstock_constructs.steps.step import Machine

FOLDER = "s3://artefacts/bigmart/runs/7c1f09ab"
JOB = Processing("image", "process", 30, 3600)


@pytest.mark.parametrize(
    ("code", "inputs"), [("", ["data", "settings"]), ("s3://assets/ab.py", ["data", "settings", "code"])]
)
def test_the_user_s_script_is_brought_if_there_is_one(
    machine: Machine, request_of: Callable[..., Any], code: str, inputs: list[str]
) -> None:
    request = request_of(
        process(machine=machine, job=JOB, code=code, files=2, then="Train").states["Process"],
        run="7c1f09ab",
        folder=FOLDER,
        data=f"{FOLDER}/input/",
        settings=f"{FOLDER}/settings/",
        instance_types={"process": "ml.m5.large"},
        volume_keys={"process": False},
    )
    assert [item["InputName"] for item in request["ProcessingInputs"]] == inputs
    (output,) = request["ProcessingOutputConfig"]["Outputs"]
    assert output["S3Output"]["S3Uri"] == f"{FOLDER}/processed/"
    assert request["AppSpecification"]["ContainerArguments"][-2:] == ["--files", "2"]
