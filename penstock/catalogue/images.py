"""SageMaker's own images: where each region keeps them, as the SageMaker SDK's files say.

The SDK itself takes over a second to import, so only its files are read. The forms of the tags are the SDK's:
https://github.com/aws/sagemaker-python-sdk/blob/master/sagemaker-core/src/sagemaker/core/image_uris.py
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from penstock.errors import PenstockError

# The names in pipeline.yaml, each with the SDK's file and the scope in it.
_FILES: Mapping[str, tuple[str, str]] = {"scikit-learn": ("sklearn", "training"), "spark": ("spark", "processing")}
_SPARK_BUILD = "v1"  # the end of Spark's tags, which no file has


@dataclass(frozen=True)
class ImageReference:
    """An image in one of AWS's own registries: the registry's account, the repository, the tag, and all in one."""

    account: str
    repository: str
    tag: str
    uri: str


def prebuilt_image(name: str, version: str | None, region: str) -> ImageReference:
    """Return where a region keeps a version of the image "scikit-learn" or "spark"; the newest without a version.

    Raises:
        PenstockError: there is no such image, version or region; the message names those that there are.
    """
    known = _images(name)
    version = version or versions(name)[0]
    if version not in known:
        raise PenstockError(f"{name} {version}: SageMaker has no such version. There are: {', '.join(versions(name))}.")
    image = known[version]
    registries: Mapping[str, str] = image["registries"]
    if region not in registries:
        there = f"There is one in: {', '.join(registries)}."
        raise PenstockError(f"{name} {version}: SageMaker has no such image in {region}. {there}")
    account, repository, tag = registries[region], image["repository"], _tag(name, version, image)
    host = f"{account}.dkr.ecr.{region}.{_domain(region)}"
    return ImageReference(account, repository, tag, f"{host}/{repository}:{tag}")


def versions(name: str) -> tuple[str, ...]:
    """Return the versions of an image, the newest first.

    Raises:
        PenstockError: there is no such image.
    """
    return tuple(sorted(_images(name), key=lambda version: [int(n) for n in re.findall(r"\d+", version)], reverse=True))


@cache
def _images(name: str) -> Mapping[str, Mapping[str, Any]]:
    """Return what the SDK's file says of each version."""
    if name not in _FILES:
        raise PenstockError(f"{name}: SageMaker has no such image. There are: {', '.join(_FILES)}.")
    file, scope = _FILES[name]
    content = json.loads(_installed("sagemaker", f"core/image_uri_config/{file}.json"))
    found: Mapping[str, Mapping[str, Any]] = content[scope]["versions"]
    return found


def _tag(name: str, version: str, image: Mapping[str, Any]) -> str:
    python = max(image["py_versions"], key=lambda text: int(text.removeprefix("py")))
    return f"{version}-cpu-{python}-{_SPARK_BUILD}" if name == "spark" else f"{version}-cpu-{python}"


@cache
def _domain(region: str) -> str:
    """Return the domain of a region's partition, as in amazonaws.com."""
    partitions = json.loads(_installed("botocore", "data/partitions.json"))["partitions"]
    return next(
        str(partition["outputs"]["dnsSuffix"])
        for partition in partitions
        if re.fullmatch(partition["regionRegex"], region)
    )


def _installed(package: str, file: str) -> str:
    """Return the text of a package's file, without importing the package."""
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        if (path := Path(folder, file)).is_file():
            return path.read_text(encoding="utf-8")
    raise PenstockError(f"{package}/{file} is not installed. Install requirements.txt again: `make setup`.")
