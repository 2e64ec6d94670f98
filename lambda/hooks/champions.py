"""The champion: the model that serves now, or for predictions in batches the last one that was approved."""

import os
from collections.abc import Mapping
from typing import Any

from hooks import generations, rules
from hooks.aws import s3, sagemaker

_GENERATION_TAG = "penstock:generation"
_CHAMPION = "main"  # the variant that a challenger or a shadow is beside
# An endpoint in any other status has instances, and they serve what its config says.
_NOT_SERVING = ("Creating", "Failed", "OutOfService", "Deleting")
_NO_RUN = "unknown"


def find() -> dict[str, Any]:
    """Return the pipeline's champion; an empty one if there is none."""
    name = os.environ["NAME"]
    return _newest(name) if os.environ["KIND"] == "batch" else _served(name)


def kept(champion: Mapping[str, Any], part: str) -> str:
    """Return the S3 URI of a folder that the champion's run has kept; "" if it has not, or there is no champion."""
    if not champion:
        return ""
    bucket, folder = os.environ["ARTEFACT_BUCKET"], f"{os.environ['PIPELINE']}/runs/{champion['run']}/{part}/"
    return f"s3://{bucket}/{folder}" if s3.exists(bucket, folder) else ""


def _newest(group: str) -> dict[str, Any]:
    package = sagemaker.newest_approved_package(group)
    if package is None:
        return {}
    generation = generations.read_package(package)
    return {
        "run": generation.run or _NO_RUN,
        "generation": generation.number,
        "artefact": generation.artefact,
        "image": generation.image,
        "model": "",
        "config": "",
        "variant": "",
    }


def _served(endpoint: str) -> dict[str, Any]:
    described = sagemaker.describe_endpoint(endpoint)
    if described is None or described["EndpointStatus"] in _NOT_SERVING:
        return {}
    config = sagemaker.describe_endpoint_config(described["EndpointConfigName"])
    variants = {variant["VariantName"]: variant for variant in config["ProductionVariants"]}
    variant = variants.get(_CHAMPION) or config["ProductionVariants"][0]
    model = sagemaker.describe_model(variant["ModelName"])
    container, generation = model["PrimaryContainer"], sagemaker.tags(model["ModelArn"]).get(_GENERATION_TAG)
    return {
        "run": rules.run_of(container["ModelDataUrl"]) or _NO_RUN,
        "generation": int(generation) if generation else None,
        "artefact": container["ModelDataUrl"],
        "image": container["Image"],
        "model": model["ModelName"],
        "config": config["EndpointConfigName"],
        "variant": variant["VariantName"],
    }
