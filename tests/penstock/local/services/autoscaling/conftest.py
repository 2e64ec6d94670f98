"""Application Auto Scaling with a CloudWatch, and endpoints that only count."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from moto.core.utils import get_service_model
from moto.moto_api._internal.models import moto_api_backend

from penstock.local.clock import Clock
from penstock.local.gateway.validation import check_response
from penstock.local.service import AwsError, Caller, JsonObject
from penstock.local.services.autoscaling import AutoScaling
from penstock.local.services.cloudwatch import CloudWatch, Metrics
from penstock.local.store import Store

CALLER = Caller("AKIA", "123456789012", "arn:aws:iam::123456789012:user/operator")
RESOURCE = "endpoint/e/variant/main"
SCALED = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": RESOURCE,
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}


@dataclass
class Endpoints:
    """A SageMaker whose endpoints are names and counts."""

    name: str = "sagemaker"
    counts: dict[str, int] = field(default_factory=lambda: {"main": 1})
    status: str = "InService"
    reason: str = ""
    refuses: bool = False
    callers: list[Caller] = field(default_factory=list)

    def call(self, operation: str, request: JsonObject, caller: Caller) -> JsonObject:
        self.callers.append(caller)
        if request["EndpointName"] != "e" or not self.counts:
            raise AwsError("ValidationException", "Could not find endpoint.")
        arn = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/e"
        if operation == "UpdateEndpointWeightsAndCapacities":
            if self.refuses:
                raise AwsError("ResourceLimitExceeded", "no capacity")
            for desired in request["DesiredWeightsAndCapacities"]:
                if not self.reason:
                    self.counts[desired["VariantName"]] = desired["DesiredInstanceCount"]
            return {"EndpointArn": arn}
        now = Clock().now()
        variants = [{"VariantName": name, "DesiredInstanceCount": count} for name, count in self.counts.items()]
        return {
            "EndpointName": "e",
            "EndpointArn": arn,
            "EndpointStatus": self.status,
            "CreationTime": now,
            "LastModifiedTime": now,
            "ProductionVariants": variants,
        } | ({"FailureReason": self.reason} if self.reason else {})


class World:
    """The service, in a cloud whose time stands still unless a test lets it pass."""

    def __init__(self, small_cloud: Any) -> None:
        self.cloud, self.clients = small_cloud, small_cloud.clients
        self.store, self.clock, self.endpoints = Store(), Clock(), Endpoints()
        self.metrics = Metrics(clock=self.clock, store=self.store)
        events: Any = Events()
        self.cloudwatch = CloudWatch(
            clients=self.clients, metrics=self.metrics, events=events, store=self.store, clock=self.clock
        )
        small_cloud.services |= {"sagemaker": self.endpoints, "cloudwatch": self.cloudwatch}
        self.start()

    def start(self) -> None:
        """Start the service, or a second life of it."""
        self.scaling = AutoScaling(clients=self.clients, store=self.store, clock=self.clock)
        self.cloud.services["application-autoscaling"] = self.scaling
        # A test looks itself, when it wants to.
        self.scaling._scaler.start = lambda: None  # type: ignore[method-assign]
        self.scaling.restore()

    def look(self) -> int:
        """Let the service look at everything once; return the count of the variant main."""
        self.scaling._scaler.look()
        return self.endpoints.counts.get("main", -1)

    def call(self, operation: str, **request: Any) -> JsonObject:
        answer = self.scaling.call(operation, request, CALLER)
        check_response(get_service_model("application-autoscaling").operation_model(operation), answer)
        return answer

    def register(self, minimum: int = 1, maximum: int = 4, **request: Any) -> str:
        limits = {"MinCapacity": minimum, "MaxCapacity": maximum}
        return str(self.call("RegisterScalableTarget", **(SCALED | limits | request))["ScalableTargetARN"])

    def track(self, target: float = 100.0, name: str = "p", **settings: Any) -> JsonObject:
        metric = {"PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}}
        settings = {
            "TargetValue": target,
            **({} if "CustomizedMetricSpecification" in settings else metric),
            **settings,
        }
        return self.call(
            "PutScalingPolicy",
            **SCALED,
            PolicyName=name,
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=settings,
        )

    def measure(self, value: float) -> None:
        """Let a minute pass in which there were so many invocations per instance."""
        dimensions = {"EndpointName": "e", "VariantName": "main"}
        self.metrics.add("AWS/SageMaker", "InvocationsPerInstance", value, "None", dimensions)
        self.pass_seconds(60)

    def pass_seconds(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.clock._start -= seconds

    def ring(self, which: str, state: str = "ALARM") -> None:
        """Let the alarms of the policies be in a state: High or Low."""
        client = self.clients.operator("cloudwatch")
        for alarm in self.alarms():
            is_it = f"Alarm{which}" in alarm
            client.set_alarm_state(AlarmName=alarm, StateValue=state if is_it else "OK", StateReason="test")

    def alarms(self) -> list[str]:
        found = self.clients.operator("cloudwatch").describe_alarms()["MetricAlarms"]
        return [alarm["AlarmName"] for alarm in found]

    def activities(self) -> list[JsonObject]:
        return list(self.call("DescribeScalingActivities", ServiceNamespace="sagemaker")["ScalingActivities"])


class Events:
    def publish(self, _event: JsonObject) -> None:
        """Nobody listens."""


@pytest.fixture
def world(small_cloud: Any) -> Iterator[World]:
    moto_api_backend.reset()
    world = World(small_cloud)
    yield world
    world.scaling.close()
    world.cloudwatch.close()
