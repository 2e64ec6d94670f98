"""Keys and disks: what AWS refuses at once."""

from typing import Any

import pytest

from penstock.local.service import AwsError
from penstock.local.services.sagemaker.keys import has_local_disks


@pytest.mark.parametrize("instance_type", ["ml.m5d.large", "ml.g4dn.xlarge", "ml.g5.xlarge", "ml.p4de.24xlarge"])
def test_some_instances_bring_their_disks(instance_type: str) -> None:
    assert has_local_disks(instance_type)


@pytest.mark.parametrize("instance_type", ["ml.m5.large", "ml.c6i.xlarge", "ml.t3.medium", "ml.p3.2xlarge"])
def test_the_others_do_not(instance_type: str) -> None:
    assert not has_local_disks(instance_type)


def resources(instance_type: str, key: str) -> dict[str, Any]:
    cluster = {"InstanceType": instance_type, "InstanceCount": 1, "VolumeSizeInGB": 1, "VolumeKmsKeyId": key}
    return {"ResourceConfig": cluster}


def test_a_key_that_does_not_exist(world: Any) -> None:
    with pytest.raises(AwsError, match="ValidationException: Invalid KMS key none"):
        world.train(**resources("ml.m5.large", "none"))
    with pytest.raises(AwsError, match="ValidationException: Invalid KMS key none"):
        world.train(OutputDataConfig={"S3OutputPath": "s3://artefacts/out", "KmsKeyId": "none"})


def test_a_key_that_is_disabled(world: Any) -> None:
    kms = world.clients.operator("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.disable_key(KeyId=key)
    with pytest.raises(AwsError, match="is Disabled"):
        world.train(**resources("ml.m5.large", key))


def test_a_key_for_disks_that_come_with_their_instance(world: Any) -> None:
    key = world.clients.operator("kms").create_key()["KeyMetadata"]["KeyId"]
    with pytest.raises(AwsError, match=r"VolumeKmsKeyId is not supported for instance type ml\.g4dn\.xlarge"):
        world.train(**resources("ml.g4dn.xlarge", key))


@pytest.mark.parametrize(
    ("variant", "config", "message"),
    [
        ({"InstanceType": "ml.g4dn.xlarge"}, "key", "KmsKeyId is not supported for instance type"),
        ({"InstanceType": "ml.g4dn.xlarge", "VolumeSizeInGB": 10}, None, "VolumeSizeInGB is not supported"),
        ({"InstanceType": "ml.m5.large"}, "none", "Invalid KMS key none"),
    ],
)
def test_an_endpoints_disks(world: Any, variant: dict[str, Any], config: str | None, message: str) -> None:
    world.model("a")
    key = world.clients.operator("kms").create_key()["KeyMetadata"]["Arn"] if config == "key" else config
    variants = [{"VariantName": "v", "ModelName": "a", "InitialInstanceCount": 1, **variant}]
    more = {"KmsKeyId": key} if key else {}
    with pytest.raises(AwsError, match=message):
        world.call("CreateEndpointConfig", EndpointConfigName="a", ProductionVariants=variants, **more)
