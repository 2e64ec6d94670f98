from typing import Any

import pytest

from penstock.local.service import AwsError

ARN = "arn:aws:sagemaker:us-east-1:123456789012:endpoint-config/c"
VARIANT = {"VariantName": "main", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}


def create(world: Any, *variants: dict[str, Any], **request: Any) -> Any:
    return world.call("CreateEndpointConfig", EndpointConfigName="c", ProductionVariants=[*variants], **request)


def test_a_configuration_is_described_with_the_default_weight(world: Any) -> None:
    world.model("m")
    assert create(world, VARIANT) == {"EndpointConfigArn": ARN}
    described = world.call("DescribeEndpointConfig", EndpointConfigName="c")
    assert described.pop("CreationTime")
    assert described == {
        "EndpointConfigName": "c",
        "EndpointConfigArn": ARN,
        "ProductionVariants": [{**VARIANT, "InitialVariantWeight": 1.0}],
    }


def test_a_name_that_is_taken_is_refused(world: Any) -> None:
    world.model("m")
    create(world, VARIANT)
    with pytest.raises(AwsError) as caught:
        create(world, VARIANT)
    assert str(caught.value) == f'ValidationException: Cannot create already existing endpoint configuration "{ARN}".'


def test_a_model_that_is_not_there_is_refused(world: Any) -> None:
    with pytest.raises(AwsError, match=r'Could not find model "arn:.*:model/m"'):
        create(world, VARIANT)


def test_a_configuration_that_is_not_there(world: Any) -> None:
    for operation in ("DescribeEndpointConfig", "DeleteEndpointConfig"):
        with pytest.raises(AwsError) as caught:
            world.call(operation, EndpointConfigName="c")
        assert str(caught.value) == f'ValidationException: Could not find endpoint configuration "{ARN}".'


def test_an_endpoint_serves_on_when_its_configuration_and_model_are_deleted(world: Any) -> None:
    world.endpoint()
    assert world.call("DeleteEndpointConfig", EndpointConfigName="a") == {}
    world.call("DeleteModel", ModelName="a")
    assert world.call("ListEndpointConfigs") == {"EndpointConfigs": []}
    assert world.invoke()["Body"] == b"x"


def test_variants_with_the_same_name_are_refused(world: Any) -> None:
    world.model("m")
    with pytest.raises(AwsError, match="Variant names must be unique"):
        create(world, VARIANT, VARIANT)


def test_a_variant_without_instances_is_refused(world: Any) -> None:
    with pytest.raises(AwsError, match="main lacks InstanceType and InitialInstanceCount"):
        create(world, {"VariantName": "main", "ModelName": "m"})


def test_data_capture_is_refused_rather_than_pretended(world: Any) -> None:
    capture = {"EnableCapture": True, "InitialSamplingPercentage": 100, "DestinationS3Uri": "s3://artefacts/c"}
    capture |= {"CaptureOptions": [{"CaptureMode": "Input"}]}
    with pytest.raises(AwsError, match=r"DataCaptureConfig\.EnableCapture=True"):
        create(world, VARIANT, DataCaptureConfig=capture)


def test_a_serverless_variant_is_refused(world: Any) -> None:
    serverless = {"VariantName": "main", "ModelName": "m", "ServerlessConfig": {"MemorySizeInMB": 1024}}
    with pytest.raises(AwsError, match=r"ProductionVariants\[0\]\.ServerlessConfig"):
        create(world, serverless)
