"""AWS's own clients, unchanged, as a person uses them: with the variables of the cloud."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.moto_api._internal.models import moto_api_backend

ROLE = "arn:aws:iam::123456789012:role/dev-bigmart-execution"
QUICK = {"Delay": 0, "MaxAttempts": 10_000}
CLUSTER = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}


@pytest.fixture(scope="module")
def shared(small_cloud: Any, new_world: Any, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A world for all tests of this file, with a trained model in it."""
    moto_api_backend.reset()
    world = new_world(small_cloud, cache, tmp_path_factory.mktemp("world"))
    world.endpoint()
    world.put("in/a.csv", b"a\nb\n")
    yield world
    world.sagemaker.close()


@pytest.fixture(scope="module")
def variables(shared: Any, small_cloud: Any) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**kept, **small_cloud.variables(), "ROLE": ROLE, "IMAGE": shared.image}


@pytest.fixture(scope="module")
def boto(variables: dict[str, str]) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        return boto3.session.Session().client("sagemaker")


def training(shared: Any, name: str) -> dict[str, Any]:
    return {
        "TrainingJobName": name,
        "RoleArn": ROLE,
        "AlgorithmSpecification": {"TrainingImage": shared.image, "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": "s3://artefacts/out"},
        "ResourceConfig": CLUSTER,
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }


def test_boto3_waits_for_a_training_job(shared: Any, boto: Any) -> None:
    boto.create_training_job(**training(shared, "waited"))
    boto.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName="waited", WaiterConfig=QUICK)
    assert boto.describe_training_job(TrainingJobName="waited")["TrainingJobStatus"] == "Completed"


def test_boto3_waits_for_a_processing_job(shared: Any, boto: Any) -> None:
    boto.create_processing_job(
        ProcessingJobName="waited",
        RoleArn=ROLE,
        AppSpecification={"ImageUri": shared.image},
        ProcessingResources={"ClusterConfig": CLUSTER},
    )
    boto.get_waiter("processing_job_completed_or_stopped").wait(ProcessingJobName="waited", WaiterConfig=QUICK)
    assert boto.describe_processing_job(ProcessingJobName="waited")["ProcessingJobStatus"] == "Completed"


def test_boto3_waits_for_a_transform_job(boto: Any) -> None:
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://artefacts/in/"}}
    boto.create_transform_job(
        TransformJobName="waited",
        ModelName="a",
        TransformInput={"DataSource": source},
        TransformOutput={"S3OutputPath": "s3://artefacts/transformed"},
        TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
    )
    boto.get_waiter("transform_job_completed_or_stopped").wait(TransformJobName="waited", WaiterConfig=QUICK)
    assert boto.describe_transform_job(TransformJobName="waited")["TransformJobStatus"] == "Completed"


def test_boto3_waits_for_an_endpoint_to_come_and_to_go(boto: Any) -> None:
    boto.create_endpoint(EndpointName="waited", EndpointConfigName="a")
    boto.get_waiter("endpoint_in_service").wait(EndpointName="waited", WaiterConfig=QUICK)
    boto.delete_endpoint(EndpointName="waited")
    boto.get_waiter("endpoint_deleted").wait(EndpointName="waited", WaiterConfig=QUICK)


Make = Callable[[Any, Any, str], object]
VARIANT = {"VariantName": "v", "ModelName": "a", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
# Operation → the member that has the items, and how one of a name is made.
LISTS: dict[str, tuple[str, Make]] = {
    "list_training_jobs": (
        "TrainingJobSummaries",
        lambda shared, boto, name: boto.create_training_job(**training(shared, name)),
    ),
    "list_processing_jobs": (
        "ProcessingJobSummaries",
        lambda shared, _, name: shared.process(ProcessingJobName=name),
    ),
    "list_transform_jobs": (
        "TransformJobSummaries",
        lambda shared, _, name: shared.transform(TransformJobName=name),
    ),
    "list_models": ("Models", lambda shared, _, name: shared.model(name)),
    "list_endpoint_configs": (
        "EndpointConfigs",
        lambda _, boto, name: boto.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[VARIANT]),
    ),
    "list_endpoints": (
        "Endpoints",
        lambda _, boto, name: boto.create_endpoint(EndpointName=name, EndpointConfigName="a"),
    ),
    "list_model_package_groups": (
        "ModelPackageGroupSummaryList",
        lambda _, boto, name: boto.create_model_package_group(ModelPackageGroupName=name),
    ),
    "list_model_packages": (
        "ModelPackageSummaryList",
        lambda _, boto, name: boto.create_model_package(ModelPackageName=f"package-{name}"),
    ),
}


@pytest.mark.parametrize("operation", LISTS)
def test_boto3_pages_through_every_list(shared: Any, boto: Any, operation: str) -> None:
    key, make = LISTS[operation]
    for name in ("one", "two"):
        make(shared, boto, name)
    pages = list(boto.get_paginator(operation).paginate(PaginationConfig={"PageSize": 1}))
    found = [json.dumps(item, default=str) for page in pages for item in page[key]]
    assert len(pages) == len(found) == len(set(found)) >= 2


def test_boto3_pages_through_tags(boto: Any) -> None:
    tags = [{"Key": name, "Value": ""} for name in ("one", "two")]
    arn = boto.create_model_package_group(ModelPackageGroupName="tagged", Tags=tags)["ModelPackageGroupArn"]
    pages = boto.get_paginator("list_tags").paginate(ResourceArn=arn)
    assert [tag for page in pages for tag in page["Tags"]] == tags


def test_the_aws_cli_trains_waits_and_lists(shared: Any, variables: dict[str, str]) -> None:
    def aws(*arguments: str) -> Any:
        program = Path(sys.executable).with_name("aws")
        command: list[str | Path] = [program, "sagemaker", *arguments]
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout or "{}")

    made = aws("create-training-job", "--cli-input-json", json.dumps(training(shared, "cli")))
    assert made["TrainingJobArn"].endswith(":training-job/cli")
    shared.ended("TrainingJob", "cli")
    aws("wait", "training-job-completed-or-stopped", "--training-job-name", "cli")
    listed = aws("list-training-jobs", "--name-contains", "cli", "--query", "TrainingJobSummaries[].TrainingJobStatus")
    assert listed == ["Completed"]


def test_the_sagemaker_sdk_makes_waits_lists_and_deletes_everything(variables: dict[str, str]) -> None:
    program = Path(__file__).with_name("sdk.py")
    done = subprocess.run([sys.executable, program], env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("everything\n")
