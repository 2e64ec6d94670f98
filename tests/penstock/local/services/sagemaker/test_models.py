import json
from typing import Any

import pytest

from penstock.local.service import AwsError

ROLE = "arn:aws:iam::123456789012:role/dev-bigmart-execution"
ARN = "arn:aws:sagemaker:us-east-1:123456789012:model/m"


def refused(world: Any, **request: Any) -> str:
    defaults = {"ModelName": "m", "PrimaryContainer": {"Image": world.image}, "ExecutionRoleArn": ROLE}
    with pytest.raises(AwsError) as caught:
        world.call("CreateModel", **(defaults | request))
    return str(caught.value)


def test_a_model_is_described_as_it_was_made(world: Any) -> None:
    container = {"Image": world.image, "ModelDataUrl": world.put("m.tar.gz", b"1"), "Environment": {"A": "1"}}
    request = {"ModelName": "m", "PrimaryContainer": container, "ExecutionRoleArn": ROLE}
    assert world.call("CreateModel", **request, Tags=[{"Key": "a", "Value": "1"}]) == {"ModelArn": ARN}
    described = world.call("DescribeModel", ModelName="m")
    assert described.pop("CreationTime")
    assert described == {**request, "ModelArn": ARN, "EnableNetworkIsolation": False}


def test_a_list_of_one_container_and_a_data_source_are_served_too(world: Any) -> None:
    source = {"S3Uri": world.put("m.tar.gz", b"1"), "S3DataType": "S3Object", "CompressionType": "Gzip"}
    container = {"Image": world.image, "ModelDataSource": {"S3DataSource": source}}
    world.call("CreateModel", ModelName="m", Containers=[container], ExecutionRoleArn=ROLE)
    assert world.call("DescribeModel", ModelName="m")["Containers"] == [container]


def test_a_name_that_is_taken_is_refused(world: Any) -> None:
    world.model("m")
    assert refused(world, ModelName="M") == f'ValidationException: Cannot create already existing model "{ARN}".'


def test_a_model_that_is_not_there(world: Any) -> None:
    for operation in ("DescribeModel", "DeleteModel"):
        with pytest.raises(AwsError) as caught:
            world.call(operation, ModelName="m")
        assert str(caught.value) == f'ValidationException: Could not find model "{ARN}".'


def test_a_deleted_model_leaves_its_name_free(world: Any) -> None:
    world.model("m")
    assert world.call("DeleteModel", ModelName="m") == {}
    world.model("m")


def test_models_are_listed(world: Any) -> None:
    for name in ("first", "second"):
        world.model(name)
    assert [model["ModelName"] for model in world.call("ListModels")["Models"]] == ["second", "first"]


def test_a_role_that_does_not_exist(world: Any) -> None:
    message = refused(world, ExecutionRoleArn=f"{ROLE}-2")
    assert message.startswith(f"ValidationException: Could not assume role {ROLE}-2.")


def test_a_role_that_does_not_trust_sagemaker(world: Any) -> None:
    allowed = {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [allowed]}
    world.clients.operator("iam").create_role(RoleName="other", AssumeRolePolicyDocument=json.dumps(trust))
    assert "Could not assume role" in refused(world, ExecutionRoleArn="arn:aws:iam::123456789012:role/other")


def test_a_role_is_needed(world: Any) -> None:
    with pytest.raises(AwsError, match="ExecutionRoleArn must be given"):
        world.call("CreateModel", ModelName="m", PrimaryContainer={"Image": world.image})


def test_an_image_that_does_not_exist(world: Any) -> None:
    image = world.image.rpartition(":")[0] + ":none"
    assert refused(world, PrimaryContainer={"Image": image}) == (
        f"ValidationException: Requested image {image} not found."
    )


def test_a_repository_that_does_not_exist(world: Any) -> None:
    message = refused(world, PrimaryContainer={"Image": world.image.replace("dev-forest", "none")})
    assert "Cannot find repository: none in registry ID: 123456789012" in message


def test_an_artefact_that_does_not_exist(world: Any) -> None:
    container = {"Image": world.image, "ModelDataUrl": "s3://artefacts/none.tar.gz"}
    assert refused(world, PrimaryContainer=container) == (
        "ValidationException: Could not find model data at s3://artefacts/none.tar.gz."
    )


def test_an_artefact_that_the_role_may_not_read(world: Any) -> None:
    url = world.put("m.tar.gz", b"1")
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::artefacts/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    world.clients.operator("s3").put_bucket_policy(Bucket="artefacts", Policy=policy)
    message = refused(world, PrimaryContainer={"Image": world.image, "ModelDataUrl": url})
    assert message.startswith(f"ValidationException: Could not access model data at {url}. Please ensure that the role")


def test_an_artefact_elsewhere_than_in_s3(world: Any) -> None:
    container = {"Image": world.image, "ModelDataUrl": "https://example.com/m.tar.gz"}
    assert "Invalid S3 URI" in refused(world, PrimaryContainer=container)


def test_an_inference_pipeline_is_refused(world: Any) -> None:
    with pytest.raises(AwsError, match="models of one container"):
        world.call("CreateModel", ModelName="m", Containers=[{"Image": world.image}] * 2, ExecutionRoleArn=ROLE)


def test_a_multi_model_container_is_refused(world: Any) -> None:
    message = refused(world, PrimaryContainer={"Image": world.image, "Mode": "MultiModel"})
    assert "PrimaryContainer.Mode='MultiModel'" in message


def test_a_model_may_have_no_data(world: Any) -> None:
    world.call("CreateModel", ModelName="m", PrimaryContainer={"Image": world.image}, ExecutionRoleArn=ROLE)
    assert world.call("DescribeModel", ModelName="m")["PrimaryContainer"] == {"Image": world.image}


@pytest.mark.parametrize(
    "action",
    [
        "ecr:GetAuthorizationToken",
        "ecr:BatchGetImage",
        "ecr:BatchCheckLayerAvailability",
        "ecr:GetDownloadUrlForLayer",
    ],
)
def test_an_image_that_the_role_may_not_pull(world: Any, action: str) -> None:
    world.deny(action)
    message = refused(world)
    assert "Access denied for repository: dev-forest in registry ID: 123456789012." in message
    assert f"is not authorized to perform: {action}" in message
