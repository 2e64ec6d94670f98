"""ECR: the images that containers were built to."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from hooks.aws import clients
from hooks.tidying import Image

_MOST_AT_ONCE = 100


def images(repository: str) -> list[Image]:
    """Return the images of a repository."""
    pages = clients.client("ecr").get_paginator("describe_images").paginate(repositoryName=repository)
    return [
        Image(repository, item["imageDigest"], item.get("imageTags", []), _used(item))
        for page in pages
        for item in page["imageDetails"]
    ]


def _used(item: Mapping[str, Any]) -> float:
    times = [item[name] for name in ("imagePushedAt", "lastRecordedPullTime") if name in item]
    return float(max(times).timestamp())


def remove(unused: Sequence[Image]) -> None:
    """Remove images; what is gone already is no error."""
    for repository, group in groupby(unused, key=lambda image: image.repository):
        digests = [{"imageDigest": image.digest} for image in group]
        for start in range(0, len(digests), _MOST_AT_ONCE):
            some = digests[start : start + _MOST_AT_ONCE]
            clients.client("ecr").batch_delete_image(repositoryName=repository, imageIds=some)
