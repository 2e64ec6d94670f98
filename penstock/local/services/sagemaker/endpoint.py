"""An endpoint: what it serves now, what it is to serve next, and its status."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.fleet import Fleet
from penstock.local.services.sagemaker.models import Model
from penstock.local.services.sagemaker.plan import Plan
from penstock.local.services.sagemaker.share import Share
from penstock.local.services.sagemaker.variant import Variant


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
    fleet: Fleet | None = None  # gets the requests, but for the new fleet's share
    new_fleet: Fleet | None = None
    new_share: Share = field(default_factory=lambda: Share(0))
    sampling: Share = field(default_factory=lambda: Share(0))  # of the requests that are captured
    next_plan: Plan | None = None
    stage: JsonObject = field(default_factory=dict)  # the VariantStatus of what it is to serve next
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

    def enter_stage(self, status: str) -> None:
        """Change how far the update is, as VariantStatus has it."""
        self.stage = {"Status": status, "StartTime": self.context.clock.now()}

    def share_with(self, fleet: Fleet | None, share: float) -> None:
        """Give a new fleet a share of the requests from now on, or none any more."""
        self.new_fleet, self.new_share = fleet, Share(share)

    def serving(self) -> Fleet | None:
        """Return the fleet that the next request goes to."""
        if self.new_fleet is not None and self.new_share.next():
            return self.new_fleet
        return self.fleet

    def captures(self) -> JsonObject:
        """Return the DataCaptureConfig if the next request is to be captured, or nothing."""
        if not self.plan.capture.get("EnableCapture", bool(self.plan.capture)):
            return {}
        percent = self.plan.capture["InitialSamplingPercentage"]
        if self.sampling.share != percent / 100:
            self.sampling = Share(percent / 100)
        return self.plan.capture if self.sampling.next() else {}

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
        optional: JsonObject = {
            "ProductionVariants": _described(self.fleet.variants) if self.fleet is not None else [],
            "ShadowProductionVariants": _described(self.fleet.all[len(self.fleet.variants) :]) if self.fleet else [],
            "FailureReason": self.reason[:1024],
            "LastDeploymentConfig": self.deployment,
            "AsyncInferenceConfig": self.plan.config.asynchronous,
            "DataCaptureConfig": _capture(self.plan.capture),
            "PendingDeploymentSummary": self._pending(self.next_plan) if self.next_plan is not None else {},
        }
        shown = {member: value for member, value in optional.items() if value}
        return {**self.summary(), "EndpointConfigName": self.plan.config.name, **shown}

    def summary(self) -> JsonObject:
        """Return the endpoint's item in the answer of ListEndpoints."""
        return {
            "EndpointName": self.name,
            "EndpointArn": self.arn,
            "EndpointStatus": self.status,
            "CreationTime": self.created,
            "LastModifiedTime": self.modified,
        }

    def _pending(self, plan: Plan) -> JsonObject:
        stage = {"VariantStatus": [self.stage]} if self.stage else {}
        if self.new_fleet is not None:
            variants = _described(self.new_fleet.variants)
        else:
            variants = [_planned(one, plan.models[one["VariantName"]]) for one in plan.variants]
        return {
            "EndpointConfigName": plan.config.name,
            "StartTime": self.modified,
            "ProductionVariants": [variant | stage for variant in variants],
        }


def _described(variants: list[Variant]) -> list[JsonObject]:
    return [
        _common(variant.name, variant.model)
        | {"CurrentWeight": variant.weight, "DesiredWeight": variant.weight}
        | variant.described()
        for variant in variants
    ]


def _planned(variant: JsonObject, model: Model) -> JsonObject:
    """Return a variant whose instances are still to come."""
    if "ServerlessConfig" in variant:
        size = {"DesiredServerlessConfig": variant["ServerlessConfig"]}
    else:
        size = {"CurrentInstanceCount": 0, "DesiredInstanceCount": variant["InitialInstanceCount"]}
    return _common(variant["VariantName"], model) | {"DesiredWeight": variant["InitialVariantWeight"], **size}


def _common(name: str, model: Model) -> JsonObject:
    image = {"SpecifiedImage": model.image, "ResolvedImage": model.resolved_image, "ResolutionTime": model.created}
    return {"VariantName": name, "DeployedImages": [image]}


def _capture(config: JsonObject) -> JsonObject:
    """Return a DataCaptureConfig as DescribeEndpoint says it."""
    if not config:
        return {}
    enabled = config.get("EnableCapture", True)
    return {
        "EnableCapture": enabled,
        "CaptureStatus": "Started" if enabled else "Stopped",
        "CurrentSamplingPercentage": config["InitialSamplingPercentage"],
        "DestinationS3Uri": config["DestinationS3Uri"],
        "KmsKeyId": config.get("KmsKeyId", ""),
    }
