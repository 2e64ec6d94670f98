"""An endpoint: what it serves now, what it is to serve next, and its status."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.fleet import Fleet, Variant
from penstock.local.services.sagemaker.launch import Plan


@dataclass
class Endpoint:
    """The state of one endpoint; whoever reads or changes it holds the service's lock."""

    context: Context
    name: str
    arn: str
    plan: Plan  # the one that serves, or that is being made
    created: datetime
    modified: datetime
    keep: Callable[[str], None]  # writes it into the store
    status: str = "Creating"
    reason: str = ""
    fleet: Fleet | None = None  # gets the requests
    next_plan: Plan | None = None
    deployment: JsonObject = field(default_factory=dict)

    def enter(self, status: str, reason: str = "") -> None:
        """Change the status, and why."""
        self.status = status
        self.reason = reason
        self.modified = self.context.clock.now()
        self.keep(self.name)
        # In events, and only there, it is written like IN_SERVICE.
        shown = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", status).upper()
        self.context.publish("Endpoint", self.arn, self.describe() | {"EndpointStatus": shown})

    def record(self) -> JsonObject:
        """Return what the store keeps of it; an update that is being rolled back is not taken up again."""
        following = self.next_plan if self.status != "RollingBack" else None
        return {
            "name": self.name,
            "plan": self.plan.record(),
            "next_plan": following.record() if following is not None else None,
            "created": self.created,
            "modified": self.modified,
            "status": self.status,
            "reason": self.reason,
            "deployment": self.deployment,
        }

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
