from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.batch import predict, process_batch
from penstock_constructs.steps.processing import Processing
from penstock_constructs.steps.step import Machine

RequestOf = Callable[..., Any]
FOLDER = "s3://artefacts/bigmart/runs/7c1f09ab"
VARIABLES = {
    "run": "7c1f09ab",
    "folder": FOLDER,
    "predict": f"{FOLDER}/predict/",
    "settings": f"{FOLDER}/settings/",
    "model": "dev-bigmart-7c1f09ab",
    "instance_types": {"process": "ml.m5.large", "batch": "ml.m5.xlarge"},
    "volume_keys": {"process": True, "batch": True},
}


def _predict(
    machine: Machine, request_of: RequestOf, *, max_concurrent: int = 1, join: bool = True, **given: Any
) -> Any:
    step = predict(
        machine=machine,
        instance_count=2,
        max_concurrent=max_concurrent,
        join=join,
        timeout_seconds=600,
        then="Tidy",
    )
    return request_of(step.states["Predict"], **VARIABLES | given)


def _inputs(machine: Machine, request_of: RequestOf, code: str = "", **given: Any) -> dict[str, str]:
    job = Processing(image="image", use="process", volume_gb=30, max_runtime_seconds=600)
    step = process_batch(machine=machine, job=job, code=code, known="Take lock", then="Train")
    request = request_of(step.states["Process batch"], **VARIABLES | given)
    assert "--predict" in request["AppSpecification"]["ContainerArguments"]
    return {item["InputName"]: item["S3Input"]["S3Uri"] for item in request["ProcessingInputs"]}


def test_rows_are_split_and_put_together_again_by_lines(machine: Machine, request_of: RequestOf) -> None:
    request = _predict(machine, request_of)
    assert request["TransformInput"]["SplitType"] == "Line"
    assert request["TransformOutput"]["AssembleWith"] == "Line"
    assert request["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"] == f"{FOLDER}/batch/"
    assert request["TransformOutput"]["S3OutputPath"] == f"{FOLDER}/predictions/"


@pytest.mark.parametrize(("join", "processing"), [(True, {"JoinSource": "Input"}), (False, None)])
def test_predictions_are_joined_with_their_rows_if_wanted(
    machine: Machine, request_of: RequestOf, processing: dict[str, str] | None, *, join: bool
) -> None:
    assert _predict(machine, request_of, join=join).get("DataProcessing") == processing


@pytest.mark.parametrize(("takes_key", "has_key"), [(True, True), (False, False)], ids=["EBS", "own disks"])
def test_disks_are_encrypted(machine: Machine, request_of: RequestOf, *, takes_key: bool, has_key: bool) -> None:
    resources = _predict(machine, request_of, volume_keys={"batch": takes_key})["TransformResources"]
    assert (resources["InstanceType"], resources["InstanceCount"]) == ("ml.m5.xlarge", 2)
    assert ("VolumeKmsKeyId" in resources) is has_key


@pytest.mark.parametrize(("concurrent", "payload"), [(1, 6), (20, 5), (100, 1)])
def test_what_an_instance_gets_at_a_time_is_within_the_limit(
    machine: Machine, request_of: RequestOf, concurrent: int, payload: int
) -> None:
    assert _predict(machine, request_of, max_concurrent=concurrent)["MaxPayloadInMB"] == payload


def test_rows_are_made_ready_with_the_columns_of_this_run_s_training(machine: Machine, request_of: RequestOf) -> None:
    assert _inputs(machine, request_of) == {
        "data": f"{FOLDER}/predict/",
        "settings": f"{FOLDER}/settings/",
        "columns-from": f"{FOLDER}/processed/train/",
    }


def test_a_known_model_s_rows_with_those_of_its_own_run(machine: Machine, request_of: RequestOf) -> None:
    inputs = _inputs(machine, request_of, settings="s3://artefacts/bigmart/runs/5d02c1e9/settings/")
    assert inputs["columns-from"] == "s3://artefacts/bigmart/runs/5d02c1e9/processed/train/"


def test_the_user_s_script_changes_the_rows_to_predict_too(machine: Machine, request_of: RequestOf) -> None:
    assert _inputs(machine, request_of, code="s3://assets/hash.py")["code"] == "s3://assets/hash.py"
