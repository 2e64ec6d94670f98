from pathlib import Path
from typing import Any

import pytest

from penstock.errors import DeployError
from penstock.local.stages import Stages

GROUP = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/a", "RetentionInDays": 7}}
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/dev-forest:1"


class Images:
    """The programs of a cloud, as far as a deployment asks for them."""

    def __init__(self) -> None:
        self.published: list[str] = []

    def publish(self, uri: str) -> None:
        self.published.append(uri)


@pytest.fixture
def images() -> Images:
    return Images()


@pytest.fixture
def stages(account: Any, images: Any) -> Stages:
    return Stages(clients=account.clients, deployer=account.deployer, programs=images)


def machine() -> dict[str, Any]:
    definition = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "%s", "End": true}}}' % IMAGE  # noqa: UP031
    properties = {"DefinitionString": definition, "RoleArn": "arn:aws:iam::123456789012:role/workflow"}
    return {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}


def test_a_deployment_says_what_it_made_and_builds_the_images(account: Any, stages: Stages, images: Images) -> None:
    account.client("iam").create_role(RoleName="workflow", AssumeRolePolicyDocument="{}")
    account.add("dev-app", {"Group": GROUP, "Machine": machine()}, Outputs={"Name": {"Value": {"Ref": "Group"}}})
    answer = stages.deploy(account.write({}), "dev")
    assert (answer["resources"], answer["outputs"], answer["left"]) == (2, {"dev-app": {"Name": "/a"}}, [])
    assert images.published == [IMAGE]


def test_what_could_not_be_removed_is_named_until_it_can_be(account: Any, stages: Stages) -> None:
    account.add("dev-app", {"Group": GROUP, "Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data"}}})
    stages.deploy(account.write({}), "dev")
    account.client("s3").put_object(Bucket="data", Key="a")
    account.add("dev-app", {"Group": GROUP})
    [left] = stages.deploy(account.write({}), "dev")["left"]
    assert left.startswith("dev-app: Resources.Data could not be removed: ")
    assert "Empty it first" in left
    assert stages.deploy(account.write({}), "dev")["left"] == [left]
    account.client("s3").delete_object(Bucket="data", Key="a")
    assert stages.deploy(account.write({}), "dev")["left"] == []


def test_a_difference_is_told_by_stack(account: Any, stages: Stages) -> None:
    account.add("dev-app", {"Group": GROUP})
    [stack] = stages.diff(account.write({}), "dev")["stacks"]
    assert (stack["stack"], stack["new"], stack["resources"][0]["what"]) == ("dev-app", True, "add")


def test_a_removal_goes_backwards_and_says_what_is_kept(account: Any, stages: Stages, tmp_path: Path) -> None:
    kept = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data"}, "DeletionPolicy": "Retain"}
    account.add("dev-platform", {"Data": kept})
    account.add("dev-app", {"Group": GROUP})
    stages.deploy(account.write({}), "dev")
    account.client("s3").put_object(Bucket="data", Key="a")
    data = {"logical_id": "Data", "type": "AWS::S3::Bucket", "id": "data", "objects": 1}
    assert stages.destroy("dev") == {
        "stacks": [
            {"stack": "dev-app", "removed": 1, "kept": []},
            {"stack": "dev-platform", "removed": 0, "kept": [data]},
        ],
        "endpoints": [],
    }
    with pytest.raises(DeployError, match="Nothing of 'dev' is deployed"):
        stages.destroy("dev")


def test_a_removal_that_fails_half_way_can_be_tried_again(account: Any, stages: Stages) -> None:
    account.add("dev-app", {"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data"}}, "Group": GROUP})
    stages.deploy(account.write({}), "dev")
    account.client("s3").put_object(Bucket="data", Key="a")
    with pytest.raises(DeployError, match=r"Data could not be removed: .* Empty it first, with all versions: `aws s3"):
        stages.destroy("dev")
    [stack] = account.deployer.stacks
    assert list(stack.resources) == ["Data"]
    account.client("s3").delete_object(Bucket="data", Key="a")
    assert stages.destroy("dev")["stacks"][0]["removed"] == 1


def test_a_removal_names_the_endpoints_of_the_stage_that_are_in_no_stack(account: Any, stages: Stages) -> None:
    account.add("dev-app", {"Group": GROUP})
    stages.deploy(account.write({}), "dev")
    sagemaker = account.client("sagemaker")
    sagemaker.create_model(ModelName="m", ExecutionRoleArn="arn:aws:iam::123456789012:role/execution")
    variant = {"VariantName": "main", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    for name in ("dev-tiny", "dev-bigmart", "my-dev-tiny", "prod-tiny"):
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName="c")
    assert stages.destroy("dev")["endpoints"] == ["dev-bigmart", "dev-tiny"]
