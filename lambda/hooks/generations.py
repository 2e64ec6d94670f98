"""Generations: the models that were registered, each with its number; pure functions, with no AWS in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hooks.rules import InvalidInput, run_of


@dataclass(frozen=True)
class Generation:
    """A model as it was registered: its number, the run that trained it, its artefact, and the image that serves it."""

    number: int
    run: str
    artefact: str
    image: str


def package_arn(execution: str, group: str, generation: int) -> str:
    """Return the ARN of a generation's model package, in the account and region of an execution."""
    _, partition, _, region, account, *_ = execution.split(":")
    return f"arn:{partition}:sagemaker:{region}:{account}:model-package/{group}/{generation}"


def read_package(package: Mapping[str, Any]) -> Generation:
    """Return the generation that a model package, as SageMaker describes it, is."""
    container = package["InferenceSpecification"]["Containers"][0]
    return Generation(
        number=package["ModelPackageVersion"],
        run=run_of(container["ModelDataUrl"]),
        artefact=container["ModelDataUrl"],
        image=container["Image"],
    )


def check_known(package: Mapping[str, Any] | None, group: str, generation: int) -> Generation:
    """Return the generation that a package is, if it may be deployed.

    Raises:
        InvalidInput: there is none, or it is not approved.
    """
    if package is None:
        raise InvalidInput(
            f"There is no generation {generation} of {group}: it never was, or was tidied away. See the model package "
            f"group {group} for those that are kept. Nothing was started."
        )
    if package["ModelApprovalStatus"] != "Approved":
        raise InvalidInput(
            f"Generation {generation} of {group} is {package['ModelApprovalStatus']}: only what was approved is "
            "deployed. Nothing was started. Approve its model package first, or name another generation."
        )
    return read_package(package)
