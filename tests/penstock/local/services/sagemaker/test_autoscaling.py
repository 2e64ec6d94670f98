"""Endpoints whose instance counts follow what they are asked."""

from collections.abc import Iterator
from typing import Any

import pytest

from penstock.local.services.autoscaling import AutoScaling
from penstock.local.services.cloudwatch import CloudWatch, Metrics

SCALED = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/e/variant/main",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}


@pytest.fixture
def scaling(world: Any) -> Iterator[Any]:
    """A client, of a cloud whose minute is a fifth of a second, with the metrics of its endpoints."""
    world.clock.speed = 300.0
    metrics = Metrics(clock=world.clock, store=world.store)
    events = world.published
    cloudwatch = CloudWatch(clients=world.clients, metrics=metrics, events=events, store=world.store, clock=world.clock)
    world.published.add = metrics.add
    service = AutoScaling(clients=world.clients, store=world.store, clock=world.clock)
    world.cloud.services |= {"cloudwatch": cloudwatch, "application-autoscaling": service}
    cloudwatch.restore()
    yield world.clients.operator("application-autoscaling")
    service.close()
    cloudwatch.close()
    del world.cloud.services["application-autoscaling"]


def test_load_makes_instances_and_the_end_of_it_removes_them(world: Any, scaling: Any, until: Any) -> None:
    world.endpoint()
    scaling.register_scalable_target(**SCALED, MinCapacity=1, MaxCapacity=2)
    metric = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    settings = {"TargetValue": 5.0, "PredefinedMetricSpecification": metric, "ScaleInCooldown": 0}
    scaling.put_scaling_policy(
        **SCALED,
        PolicyName="p",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=settings,
    )

    def count() -> int:
        return int(world.call("DescribeEndpoint", EndpointName="e")["ProductionVariants"][0]["CurrentInstanceCount"])

    def loaded() -> bool:
        for _ in range(5):
            world.invoke()
        return count() == 2

    def almost_idle() -> bool:
        world.invoke()
        return count() == 1

    until(loaded)
    scaling.put_scaling_policy(
        **SCALED,
        PolicyName="p",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={**settings, "TargetValue": 10_000.0},
    )
    until(almost_idle)
    causes = [one["Cause"] for one in scaling.describe_scaling_activities(**SCALED)["ScalingActivities"]]
    assert all("triggered policy p" in cause for cause in causes)
    world.settled()
    world.call("DeleteEndpoint", EndpointName="e")
    until(lambda: scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"] == [])
