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


def test_a_variant_without_a_model_is_refused(world: Any) -> None:
    with pytest.raises(AwsError, match="main lacks ModelName"):
        create(world, {key: value for key, value in VARIANT.items() if key != "ModelName"})


SHADOW = {**VARIANT, "VariantName": "shadow"}


def test_shadows_are_described_with_the_default_weight(world: Any) -> None:
    world.model("m")
    create(world, VARIANT, ShadowProductionVariants=[SHADOW])
    described = world.call("DescribeEndpointConfig", EndpointConfigName="c")
    assert described["ShadowProductionVariants"] == [{**SHADOW, "InitialVariantWeight": 1.0}]


@pytest.mark.parametrize(
    ("variants", "shadows"), [([VARIANT, {**VARIANT, "VariantName": "b"}], [SHADOW]), ([VARIANT], [SHADOW, VARIANT])]
)
def test_a_shadow_stands_beside_one_variant(world: Any, variants: Any, shadows: Any) -> None:
    shadows = [{**shadow, "VariantName": f"s{index}"} for index, shadow in enumerate(shadows)]
    with pytest.raises(AwsError, match="only specify one variant for ProductionVariants and one variant for Shadow"):
        create(world, *variants, ShadowProductionVariants=shadows)


def test_a_shadow_has_a_name_of_its_own(world: Any) -> None:
    with pytest.raises(AwsError, match="Variant names must be unique"):
        create(world, VARIANT, ShadowProductionVariants=[VARIANT])


OUTPUT = {"OutputConfig": {"S3OutputPath": "s3://artefacts/out"}}
SETTINGS = {"MemorySizeInMB": 1024, "MaxConcurrency": 5}
SERVERLESS = {"VariantName": "main", "ModelName": "m", "ServerlessConfig": SETTINGS}
CAPTURE = {
    "InitialSamplingPercentage": 100,
    "DestinationS3Uri": "s3://artefacts/c",
    "CaptureOptions": [{"CaptureMode": "Input"}],
}


@pytest.mark.parametrize(
    ("variants", "request_", "message"),
    [
        ([SERVERLESS, {**SERVERLESS, "VariantName": "b"}], {}, "does not support multiple production variants"),
        ([{**VARIANT, **SERVERLESS}], {}, "InstanceType and InitialInstanceCount cannot be specified with Serverless"),
        ([SERVERLESS], {"DataCaptureConfig": CAPTURE}, "Data capture not supported when using ServerlessConfig"),
        ([SERVERLESS], {"AsyncInferenceConfig": OUTPUT}, "Asynchronous inference not supported"),
        ([SERVERLESS], {"ShadowProductionVariants": [SHADOW]}, "Shadow production variants not supported"),
        ([{**SERVERLESS, "ServerlessConfig": {**SETTINGS, "MemorySizeInMB": 1500}}], {}, "must be 1024, 2048"),
        (
            [{**SERVERLESS, "ServerlessConfig": {**SETTINGS, "ProvisionedConcurrency": 6}}],
            {},
            r"ProvisionedConcurrency \(6\) must be less than or equal to MaxConcurrency \(5\)",
        ),
        ([VARIANT], {"AsyncInferenceConfig": {"OutputConfig": {}}}, "S3OutputPath must be specified"),
        ([VARIANT], {"AsyncInferenceConfig": OUTPUT, "ShadowProductionVariants": [SHADOW]}, "not supported with Async"),
        ([VARIANT], {"DataCaptureConfig": {**CAPTURE, "DestinationS3Uri": "s3:/x"}}, "Invalid S3 URI"),
        ([VARIANT], {"DataCaptureConfig": {**CAPTURE, "KmsKeyId": "none"}}, "Invalid KMS key none"),
        (
            [{**VARIANT, "InstanceType": "ml.m5d.large", "VolumeSizeInGB": 9}],
            {},
            "VolumeSizeInGB is not supported for instance type ml.m5d.large",
        ),
        (
            [VARIANT],
            {"AsyncInferenceConfig": {"OutputConfig": {**OUTPUT["OutputConfig"], "KmsKeyId": "none"}}},
            "Invalid KMS key none",
        ),
        ([{**VARIANT, "ManagedInstanceScaling": {}}], {}, r"serve ProductionVariants\[0\]\.ManagedInstanceScaling"),
    ],
)
def test_what_cannot_be_is_refused(world: Any, variants: Any, request_: Any, message: str) -> None:
    with pytest.raises(AwsError, match=message) as caught:
        create(world, *variants, **request_)
    assert caught.value.code == "ValidationException"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"EnableNetworkIsolation": True}, "Network isolation of model m not supported when using ServerlessConfig"),
        ({"VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}, "VPC configuration of model m not"),
    ],
)
def test_a_serverless_model_is_in_no_vpc_and_not_isolated(world: Any, settings: Any, message: str) -> None:
    role = "arn:aws:iam::123456789012:role/dev-bigmart-execution"
    world.call("CreateModel", ModelName="m", PrimaryContainer={"Image": world.image}, ExecutionRoleArn=role, **settings)
    with pytest.raises(AwsError, match=message):
        create(world, SERVERLESS)
