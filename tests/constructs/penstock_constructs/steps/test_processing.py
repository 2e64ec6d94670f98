from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.network import Network
from penstock_constructs.steps.processing import Input, Processing, processing
from penstock_constructs.steps.step import Machine, Step

RequestOf = Callable[..., Any]
VARIABLES = {
    "run": "7c1f09ab",
    "folder": "s3://artefacts/bigmart/runs/7c1f09ab",
    "data": "s3://artefacts/bigmart/runs/7c1f09ab/input/",
    "instance_types": {"check": "ml.m5.large"},
    "volume_keys": {"check": True},
}
JOB = Processing("${ProcessingImage}", "check", 30, 3600, instance_count=2, substitutions={"ProcessingImage": "image"})
IN_ANOTHER_IMAGE = Processing(
    "${ProcessingImage}",
    "check",
    30,
    3600,
    network=Network(subnets=["subnet-1"], security_groups=["sg-1"]),
    programs={"program": "${ProgramUri}"},
    run=("python3", "/opt/ml/processing/program/abc.zip"),
    substitutions={"ProcessingImage": "image", "ProgramUri": "s3://assets/abc.zip"},
)


def _step(machine: Machine, job: Processing = JOB, *, continuous: bool = False) -> Step:
    return processing(
        "Check data",
        machine=machine,
        job=job,
        suffix="check",
        command="check",
        inputs=[Input("data", "$data"), Input("champion", "$champion", "$champion != ''")],
        output="$folder & '/profile/'",
        continuous=continuous,
        more_arguments=["'--files', '2'"],
        then="Process",
    )


@pytest.fixture
def request_with(machine: Machine, request_of: RequestOf) -> Callable[..., Any]:
    def run(job: Processing = JOB, champion: str = "", **variables: Any) -> Any:
        state = _step(machine, job).states["Check data"]
        return request_of(state, **VARIABLES, champion=champion, **variables)

    return run


def test_the_job_is_named_after_the_machine_the_state_and_the_run(request_with: Callable[..., Any]) -> None:
    assert request_with()["ProcessingJobName"] == "dev-bigmart-check-7c1f09ab"


def test_an_image_of_its_own_runs_the_command_by_its_name(request_with: Callable[..., Any]) -> None:
    request = request_with()
    assert request["AppSpecification"]["ContainerEntrypoint"] == ["check"]
    assert [item["InputName"] for item in request["ProcessingInputs"]] == ["data"]


def test_another_image_is_brought_the_program(request_with: Callable[..., Any]) -> None:
    request = request_with(IN_ANOTHER_IMAGE)
    entrypoint = ["python3", "/opt/ml/processing/program/abc.zip", "check"]
    assert request["AppSpecification"]["ContainerEntrypoint"] == entrypoint
    assert request["ProcessingInputs"][-1]["S3Input"]["LocalPath"] == "/opt/ml/processing/program"


@pytest.mark.parametrize(("champion", "more"), [("", []), ("s3://artefacts/profile/", ["champion"])])
def test_an_input_with_a_condition_is_there_only_if_that_holds(
    request_with: Callable[..., Any], champion: str, more: list[str]
) -> None:
    request = request_with(champion=champion)
    assert [item["InputName"] for item in request["ProcessingInputs"]] == ["data", *more]
    assert request["AppSpecification"]["ContainerArguments"] == [
        *("--data", "/opt/ml/processing/data"),
        *(argument for name in more for argument in (f"--{name}", f"/opt/ml/processing/{name}")),
        *("--output", "/opt/ml/processing/output"),
        *("--files", "2"),
    ]


@pytest.mark.parametrize(("continuous", "mode"), [(False, "EndOfJob"), (True, "Continuous")])
def test_what_is_written_goes_to_the_run_s_folder(
    machine: Machine, request_of: RequestOf, mode: str, *, continuous: bool
) -> None:
    request = request_of(_step(machine, continuous=continuous).states["Check data"], **VARIABLES, champion="")
    (output,) = request["ProcessingOutputConfig"]["Outputs"]
    assert output["S3Output"] == {
        "S3Uri": "s3://artefacts/bigmart/runs/7c1f09ab/profile/",
        "LocalPath": "/opt/ml/processing/output",
        "S3UploadMode": mode,
    }


def test_instances_are_those_of_its_use(request_with: Callable[..., Any]) -> None:
    cluster = request_with()["ProcessingResources"]["ClusterConfig"]
    key = cluster.pop("VolumeKmsKeyId")
    assert key.endswith("KeyArn")
    assert cluster == {"InstanceCount": 2, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}


def test_the_network_is_the_job_s(request_with: Callable[..., Any]) -> None:
    assert request_with(IN_ANOTHER_IMAGE)["NetworkConfig"]["VpcConfig"]["Subnets"] == ["subnet-1"]


def test_placeholders_have_values(machine: Machine) -> None:
    assert _step(machine, IN_ANOTHER_IMAGE).substitutions.keys() == {
        "ExecutionRoleArn",
        "KeyArn",
        "ProcessingImage",
        "ProgramUri",
    }
