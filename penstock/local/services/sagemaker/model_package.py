"""A model package, and the members of requests and answers that are about it."""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.served import ANY
from penstock.local.store import to_text

SUMMARY = (
    *("ModelPackageName", "ModelPackageGroupName", "ModelPackageVersion", "ModelPackageArn", "ModelPackageDescription"),
    *("CreationTime", "ModelPackageStatus", "ModelApprovalStatus", "ModelLifeCycle", "ModelPackageRegistrationType"),
)
UPDATED = (
    *("ModelApprovalStatus", "ApprovalDescription", "InferenceSpecification", "SourceUri"),
    *("ModelLifeCycle", "ModelPackageRegistrationType"),
)
DESCRIBED = (
    *("ModelPackageDescription", "InferenceSpecification", "ModelApprovalStatus", "MetadataProperties"),
    *("ModelMetrics", "Domain", "Task", "SamplePayloadUrl", "CustomerMetadataProperties", "DriftCheckBaselines"),
    *("SkipModelValidation", "SourceUri", "ModelLifeCycle", "ModelPackageRegistrationType", "CertifyForMarketplace"),
)
CREATE = {
    **dict.fromkeys(DESCRIBED, ANY),
    **dict.fromkeys(("ModelPackageName", "ModelPackageGroupName", "ClientToken", "Tags"), ANY),
    "CertifyForMarketplace": (False,),
}
UPDATE = {
    **dict.fromkeys(UPDATED, ANY),
    **dict.fromkeys(("ModelPackageArn", "CustomerMetadataProperties", "CustomerMetadataPropertiesToRemove"), ANY),
    "ClientToken": ANY,
}


@dataclass(frozen=True)
class ModelPackage:
    """What it takes to serve a model, and whether it may be."""

    described: JsonObject  # the answer of DescribeModelPackage
    token: str = ""  # which the request to make it came with
    digest: str = ""  # of that request

    @property
    def arn(self) -> str:
        """Its ARN."""
        return str(self.described["ModelPackageArn"])

    def record(self) -> dict[str, Any]:
        """Return what the store keeps of it."""
        return asdict(self)


def digest(request: JsonObject) -> str:
    """Return the same text for the same request."""
    return hashlib.sha256(to_text(dict(sorted(request.items()))).encode()).hexdigest()
