"""Checks of `process`."""

from collections.abc import Mapping

from penstock.catalogue.images import prebuilt_image, versions
from penstock.errors import PenstockError
from penstock.spec.document import Document
from penstock.spec.environment import Environment
from penstock.spec.mistakes import quoted


def check_process(document: Document, environments: Mapping[str, Environment]) -> None:
    """Note what does not go together in `process`, and images that SageMaker does not have."""
    section = ("process",)
    engine, image = document.get(*section, "engine", default="python"), document.get(*section, "image")
    if engine == "spark" and image:
        document.note((*section, "image"), "the engine spark has an image of its own.", "Remove one of the two.")
    count = document.get(*section, "instance_count")
    if engine == "python" and count is not None and count > 1:
        message = f"{count} instances; the engine python runs on one."
        document.note((*section, "instance_count"), message, "Remove it, or choose the engine spark.")
    if engine is not None:
        _check_image(document, "spark" if engine == "spark" else image, environments)


def _check_image(document: Document, name: str | None, environments: Mapping[str, Environment]) -> None:
    location, version = ("process", "version"), document.get("process", "version")
    if name is None:
        if version is not None:
            message = "a version is of SageMaker's own images, and none is chosen."
            document.note(location, message, "Remove it, or choose image: scikit-learn or engine: spark.", key=True)
        return
    if version is not None and version not in versions(name):
        message = f"{quoted(version)} is no version of SageMaker's {name} image."
        document.note(location, message, f"There are: {', '.join(versions(name))}.")
        return
    chosen = ("process", "engine" if name == "spark" else "image")
    for environment, where in environments.items():
        if where.region is None:
            message = f"each region has SageMaker's {name} image elsewhere, and the environment {environment} has none."
            document.note(chosen, message, f"Set {environment}.region in environments.yaml.")
            continue
        try:
            prebuilt_image(name, version, where.region)
        except PenstockError as error:
            document.note(chosen, f"the environment {environment} cannot use it: {error}")
