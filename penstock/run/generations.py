"""The generations of a pipeline's model: the packages in its group, and which of them serves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

_MAIN = "main"
_TAG = "penstock:generation"


@dataclass(frozen=True)
class Generation:
    """A model that was registered: its number, its status, and when that was."""

    number: int
    status: str  # Approved, Rejected or PendingManualApproval
    created: datetime

    def __str__(self) -> str:
        """Show it as an item of a list."""
        status = "" if self.status == "Approved" else f", {self.status}"
        return f"{self.number} ({self.created:%Y-%m-%d %H:%M}{status})"


def generations(sagemaker: Any, group: str) -> list[Generation]:
    """Return the generations in a group of model packages, the newest first; none of a group that is not there."""
    pages = sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=group)
    try:
        packages = [package for page in pages for package in page["ModelPackageSummaryList"]]
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"ValidationException", "ResourceNotFound"}:
            raise
        return []
    return sorted((_generation(package) for package in packages), key=lambda one: -one.number)


def serving(sagemaker: Any, endpoint: str) -> int | None:
    """Return the generation that an endpoint serves, as its champion; None without an endpoint or a known model."""
    try:
        config = sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"]
        variants = sagemaker.describe_endpoint_config(EndpointConfigName=config)["ProductionVariants"]
        main = next((variant for variant in variants if variant["VariantName"] == _MAIN), variants[0])
        model = sagemaker.describe_model(ModelName=main["ModelName"])
    except ClientError as error:
        if "Could not find" not in error.response["Error"]["Message"]:
            raise
        return None
    tags = {tag["Key"]: tag["Value"] for tag in sagemaker.list_tags(ResourceArn=model["ModelArn"])["Tags"]}
    return int(tags[_TAG]) if _TAG in tags else None


def _generation(package: Any) -> Generation:
    return Generation(
        number=package["ModelPackageVersion"],
        status=package.get("ModelApprovalStatus", "Approved"),
        created=package["CreationTime"],
    )
