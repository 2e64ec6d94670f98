"""An endpoint: what it serves now, what it is to serve next, and its status."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.fleet import Fleet, Variant
from penstock.local.services.sagemaker.launch import Plan


@dataclass
class Endpoint:
    """The state of one endpoint; whoever reads or changes it holds the service's lock."""

    name: str
    arn: str
    plan: Plan  # the one that serves, or that is being made
    status: str = "Creating"
    reason: str = ""
    fleet: Fleet | None = None  # gets the requests
    next_plan: Plan | None = None
    deployment: JsonObject = field(default_factory=dict)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    modified: datetime = field(default_factory=lambda: datetime.now(UTC))

    def enter(self, status: str, reason: str = "") -> None:
        """Change the status, and why."""
        self.status = status
        self.reason = reason
        self.modified = datetime.now(UTC)

    def describe(self) -> JsonObject:
        """Return the answer of DescribeEndpoint."""
        answer: JsonObject = {**self.summary(), "EndpointConfigName": self.plan.config.name}
        if self.fleet is not None:
            answer["ProductionVariants"] = [_variant(variant) for variant in self.fleet.variants]
        if self.reason:
            answer["FailureReason"] = self.reason
        if self.deployment:
            answer["LastDeploymentConfig"] = self.deployment
        if self.next_plan is not None:
            answer["PendingDeploymentSummary"] = {
                "EndpointConfigName": self.next_plan.config.name,
                "StartTime": self.modified,
            }
        return answer

    def summary(self) -> JsonObject:
        """Return the endpoint's item in the answer of ListEndpoints."""
        return {
            "EndpointName": self.name,
            "EndpointArn": self.arn,
            "EndpointStatus": self.status,
            "CreationTime": self.created,
            "LastModifiedTime": self.modified,
        }


def _variant(variant: Variant) -> JsonObject:
    model = variant.model
    return {
        "VariantName": variant.name,
        "DeployedImages": [
            {
                "SpecifiedImage": model.image,
                "ResolvedImage": model.resolved_image,
                "ResolutionTime": model.created,
            }
        ],
        "CurrentWeight": variant.weight,
        "DesiredWeight": variant.weight,
        "CurrentInstanceCount": sum(instance.ready for instance in variant.instances),
        "DesiredInstanceCount": len(variant.instances),
    }
