"""What is done in a world that runs have left something in: locks, generations, images, targets of scaling."""

import contextlib
import secrets
from datetime import timedelta
from typing import Any

from moto.backends import get_backend

from battery.project import ENDPOINT
from battery.world import ACCOUNT, REGION, World
from mutation.scenarios import told

_KEPT = 3  # generations
_LONG_AGO = 30 * 86_400
_MANIFEST = '{{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "n": "{}"}}'
_TARGET = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": f"endpoint/{ENDPOINT}/variant/main",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}


def locked(world: World) -> str:
    """Run where a run has the lock that has ended long ago."""
    world.serving()
    world.hold_lock(world.run().arn, expires=world.now() + 100_000)
    seen = told(world.run())
    world.hold_lock("nobody", expires=0)
    return seen


def first_generation(world: World) -> str:
    """Run where there is no group of model packages yet."""
    world.serving()
    sagemaker = world.client("sagemaker")
    for arn in _packages(world):
        sagemaker.delete_model_package(ModelPackageName=arn)
    with contextlib.suppress(sagemaker.exceptions.ClientError):
        sagemaker.delete_model_package_group(ModelPackageGroupName=ENDPOINT)
    return told(world.run())


def known(world: World) -> str:
    """Deploy a generation again."""
    world.serving()
    generation = int(world.run().output["generation"])
    return told(world.wait(world.start_known(generation)))


def tidied(world: World) -> str:
    """Run where there are as many generations as are kept."""
    world.serving()
    while len(_packages(world, ModelApprovalStatus="Approved")) < _KEPT:
        ended = world.run()
        assert ended.outcome == "DEPLOYED", ended
    return told(world.run())


def abandoned_image(world: World) -> str:
    """Run where there is an old image that nothing names."""
    world.serving()
    ecr = world.client("ecr")
    repository = ecr.describe_repositories()["repositories"][0]["repositoryName"]
    tag = secrets.token_hex(6)
    ecr.put_image(repositoryName=repository, imageTag=tag, imageManifest=_MANIFEST.format(tag))
    images: Any = get_backend("ecr")[ACCOUNT][REGION].repositories[repository].images
    (image,) = (one for one in images if tag in one.image_tags)
    image.image_pushed_at -= _LONG_AGO
    seen = told(world.run())
    with contextlib.suppress(ecr.exceptions.ClientError):
        ecr.batch_delete_image(repositoryName=repository, imageIds=[{"imageTag": tag}])
    return seen


def abandoned_data(world: World) -> str:
    """Run where there are the data of a run that nothing is left of."""
    world.serving()
    bucket, key = world.outputs["ArtefactBucketName"], f"tiny/runs/{secrets.token_hex(4)}/output/model.tar.gz"
    world.client("s3").put_object(Bucket=bucket, Key=key, Body=b"model")
    stored: Any = get_backend("s3")[ACCOUNT]["aws"].buckets[bucket].keys[key]
    stored.last_modified -= timedelta(seconds=_LONG_AGO)
    seen = told(world.run())
    world.client("s3").delete_object(Bucket=bucket, Key=key)
    return seen


def scaled(world: World) -> str:
    """Run where the instances have followed the load, which is not what the spec says."""
    world.serving()
    scaling = world.client("application-autoscaling")
    scaling.register_scalable_target(**_TARGET, MinCapacity=1, MaxCapacity=2)
    seen = told(world.run())
    with contextlib.suppress(scaling.exceptions.ClientError):
        scaling.deregister_scalable_target(**_TARGET)
    return seen


def _packages(world: World, **only: str) -> list[str]:
    sagemaker = world.client("sagemaker")
    with contextlib.suppress(sagemaker.exceptions.ClientError):
        listed = sagemaker.list_model_packages(ModelPackageGroupName=ENDPOINT, MaxResults=100, **only)
        return [package["ModelPackageArn"] for package in listed["ModelPackageSummaryList"]]
    return []
