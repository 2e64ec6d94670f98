"""Tidy: removes what no run can need any more, and nothing that is in use."""

import os
import time
from collections.abc import Sequence
from typing import Any

from hooks import tidying
from hooks.aws import ecr, inventory, s3, scaling, stepfunctions


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return what was removed.

    Called again it goes on where it was: what is gone is not found any more.
    """
    now = time.time()
    found = inventory.find(event["name"], event["endpoint"], event["model"])
    removal = tidying.plan(found, keep=event["keep"], now=now)
    inventory.remove(removal)
    images = _abandoned_images(event["repositories"], now)
    ecr.remove(images)
    runs = _remove_data(found, now)
    targets = scaling.forget_all_but(event["scaled"], event["endpoint"]) if event["endpoint"] else []
    return {
        "endpoint_configs": removal.configs,
        "models": removal.models,
        "model_packages": removal.packages,
        "images": [f"{image.repository}@{image.digest}" for image in images],
        "run_folders": runs,
        "scalable_targets": targets,
    }


def _remove_data(found: tidying.Inventory, now: float) -> list[str]:
    """Remove the data of runs that nothing is left of, and return which those are."""
    bucket, folder = os.environ["ARTEFACT_BUCKET"], f"{os.environ['PIPELINE']}/runs/"
    data = tidying.abandoned_data(found, s3.stored(bucket, folder), now=now)
    s3.remove(bucket, [f"{folder}{one.path}" for one in data])
    return sorted({one.run for one in data})


def _abandoned_images(repositories: Sequence[str], now: float) -> list[tidying.Image]:
    """Return the images that nothing of the environment names.

    Looking at everything takes many calls: it is done only for what the state machines do not name.
    """
    environment = os.environ["ENVIRONMENT"]
    images = [image for repository in repositories for image in ecr.images(repository)]
    found = tidying.abandoned_images(images, [], now=now)
    if found:
        found = tidying.abandoned_images(found, stepfunctions.definitions(f"{environment}-"), now=now)
    if found:
        found = tidying.abandoned_images(found, inventory.images_in_use(f"{environment}-"), now=now)
    return found
