from typing import Any

import pytest

from penstock.local.services.autoscaling import AutoScaling


def test_a_count_below_the_minimum_is_raised(world: Any) -> None:
    world.register(2, 4)
    assert world.look() == 2
    (activity,) = world.activities()
    assert activity["Description"] == "Setting desired instance count to 2."
    assert (activity["Cause"], activity["StatusCode"]) == ("minimum capacity was set to 2", "InProgress")
    world.look()
    assert world.activities()[0]["StatusCode"] == "Successful"


def test_a_count_above_the_maximum_is_lowered(world: Any) -> None:
    world.endpoints.counts["main"] = 9
    world.register(1, 4)
    assert world.look() == 4
    assert world.activities()[0]["Cause"] == "maximum capacity was set to 4"


def test_load_scales_out_in_proportion_and_to_the_maximum_at_most(world: Any) -> None:
    world.register()
    world.track(100.0, ScaleOutCooldown=60)
    world.measure(250.0)
    assert world.look() == 1  # no alarm yet
    world.ring("High")
    assert world.look() == 3
    assert world.activities()[0]["Cause"].endswith("in state ALARM triggered policy p")
    world.look()
    world.measure(500.0)
    assert world.look() == 4


def test_the_next_time_waits_for_the_cooldown(world: Any) -> None:
    world.register()
    world.track(100.0, ScaleOutCooldown=120, ScaleInCooldown=240)
    world.ring("High")
    world.measure(150.0)
    assert world.look() == 2
    world.look()
    world.measure(150.0)
    assert world.look() == 2
    world.measure(150.0)
    assert world.look() == 3
    world.look()
    world.ring("Low")
    world.pass_seconds(120)
    world.measure(10.0)
    assert world.look() == 3
    world.measure(10.0)
    assert world.look() == 1


def test_little_load_scales_in_to_the_minimum(world: Any) -> None:
    world.endpoints.counts["main"] = 4
    world.register(2, 4)
    world.track(100.0)
    world.ring("Low")
    world.measure(10.0)
    assert world.look() == 2


def test_a_metric_without_data_scales_nothing(world: Any) -> None:
    world.endpoints.counts["main"] = 4
    world.register()
    world.track(100.0)
    world.ring("Low")
    assert world.look() == 4


def test_out_wins_over_in(world: Any) -> None:
    world.endpoints.counts["main"] = 2
    world.register(1, 8)
    world.track(100.0)
    world.track(10.0, name="q")
    world.measure(30.0)
    client = world.clients.operator("cloudwatch")
    policies = world.call("DescribeScalingPolicies", ServiceNamespace="sagemaker")["ScalingPolicies"]
    for policy, which in zip(policies, ("Low", "High"), strict=True):
        for alarm in policy["Alarms"]:
            if which in alarm["AlarmName"]:
                client.set_alarm_state(AlarmName=alarm["AlarmName"], StateValue="ALARM", StateReason="test")
    assert world.look() == 6


def test_a_metric_of_its_own_is_tracked(world: Any) -> None:
    world.register()
    dimensions = [{"Name": "EndpointName", "Value": "e"}]
    metric = {"Namespace": "N", "MetricName": "backlog", "Dimensions": dimensions, "Statistic": "Average"}
    world.track(5.0, CustomizedMetricSpecification=metric)
    world.ring("High")
    world.metrics.add("N", "backlog", 15.0, "Count", {"EndpointName": "e"})
    world.pass_seconds(60)
    assert world.look() == 3


def test_an_endpoint_that_is_not_in_service_is_left_alone(world: Any) -> None:
    world.register(2, 4)
    world.endpoints.status = "Updating"
    assert world.look() == 1
    assert world.activities() == []


def test_a_change_that_is_rolled_back_has_failed(world: Any) -> None:
    world.register(2, 4)
    world.endpoints.reason = "no capacity"
    world.look()
    world.look()
    last = world.activities()[-1]
    assert last["StatusCode"] == "Failed"
    assert last["StatusMessage"] == "Failed to set desired instance count to 2. Reason: no capacity"


@pytest.mark.parametrize("left", [{}, {"other": 1}])
def test_a_variant_that_has_gone_is_deregistered(world: Any, left: Any) -> None:
    world.register()
    world.track()
    world.endpoints.counts = left
    world.look()
    assert world.call("DescribeScalableTargets", ServiceNamespace="sagemaker") == {"ScalableTargets": []}
    assert world.alarms() == []


def test_it_looks_by_itself_once_something_is_registered(world: Any, until: Any) -> None:
    world.register(2, 4)
    again = AutoScaling(clients=world.clients, store=world.store, clock=world.clock)
    again.restore()
    until(lambda: world.endpoints.counts["main"] == 2)
    again.close()


def test_what_the_service_may_not_do_is_tried_again(world: Any) -> None:
    world.register(2, 4)
    iam = world.clients.operator("iam")
    role = "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
    denied = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "sagemaker:*", "Resource": "*"}]}'
    iam.put_role_policy(RoleName=role, PolicyName="deny", PolicyDocument=denied)
    assert world.look() == 1
    iam.delete_role_policy(RoleName=role, PolicyName="deny")
    assert world.look() == 2


def test_a_change_that_is_refused_has_failed(world: Any) -> None:
    world.register(2, 4)
    world.endpoints.refuses = True
    world.look()
    (activity,) = world.activities()
    assert activity["StatusCode"] == "Failed"
    assert "no capacity" in activity["StatusMessage"]
