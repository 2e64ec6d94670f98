from typing import Any

import pytest

from penstock.local.service import AwsError

RESOURCE = "endpoint/e/variant/main"
SCALED = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": RESOURCE,
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
ROLE = (
    "arn:aws:iam::123456789012:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
)


def targets(world: Any, **request: Any) -> Any:
    return world.call("DescribeScalableTargets", ServiceNamespace="sagemaker", **request)["ScalableTargets"]


def policies(world: Any, **request: Any) -> Any:
    return world.call("DescribeScalingPolicies", ServiceNamespace="sagemaker", **request)["ScalingPolicies"]


def test_a_target_is_registered_and_its_role_made(world: Any) -> None:
    arn = world.register(2, 5)
    (target,) = targets(world)
    assert target.pop("CreationTime")
    assert target == {
        **SCALED,
        "MinCapacity": 2,
        "MaxCapacity": 5,
        "RoleARN": ROLE,
        "ScalableTargetARN": arn,
        "SuspendedState": {
            "DynamicScalingInSuspended": False,
            "DynamicScalingOutSuspended": False,
            "ScheduledScalingSuspended": False,
        },
    }
    assert world.endpoints.callers[-1].role == ROLE


def test_a_target_that_is_registered_again_keeps_what_is_not_given(world: Any) -> None:
    arn = world.register(2, 5)
    assert world.call("RegisterScalableTarget", **SCALED, MaxCapacity=7)["ScalableTargetARN"] == arn
    (target,) = targets(world, ResourceIds=[RESOURCE])
    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 7)
    assert targets(world, ResourceIds=["endpoint/other/variant/main"]) == []


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"MinCapacity": 1}, "MinCapacity and MaxCapacity must be specified"),
        ({"MinCapacity": 3, "MaxCapacity": 2}, "Maximum capacity cannot be less than minimum capacity"),
        ({"ResourceId": "endpoint/e"}, "Unsupported resource ID endpoint/e"),
        ({"ServiceNamespace": "ecs"}, r"does not serve ServiceNamespace='ecs' \(only 'sagemaker'\)"),
        ({"SuspendedState": {}}, "does not serve SuspendedState"),
        ({"ResourceId": "endpoint/none/variant/main", "MinCapacity": 1, "MaxCapacity": 2}, "Could not find endpoint"),
        ({"ResourceId": "endpoint/e/variant/b", "MinCapacity": 1, "MaxCapacity": 2}, "variant doesn't exist"),
    ],
)
def test_what_cannot_be_scaled_is_refused(world: Any, request_: Any, message: str) -> None:
    with pytest.raises(AwsError, match=message) as caught:
        world.call("RegisterScalableTarget", **(SCALED | request_))
    assert caught.value.code == "ValidationException"


def test_a_policy_has_two_alarms(world: Any) -> None:
    world.register()
    answer = world.track(70.0, ScaleOutCooldown=60)
    assert answer["PolicyARN"].endswith(f":resource/sagemaker/{RESOURCE}:policyName/p")
    assert sorted(alarm["AlarmName"] for alarm in answer["Alarms"]) == sorted(world.alarms())
    found = world.clients.operator("cloudwatch").describe_alarms()["MetricAlarms"]
    described = sorted((one["Threshold"], one["EvaluationPeriods"], one["ComparisonOperator"]) for one in found)
    assert described == [(63.0, 15, "LessThanThreshold"), (70.0, 3, "GreaterThanThreshold")]
    (policy,) = policies(world, ResourceId=RESOURCE)
    assert (policy["PolicyName"], policy["PolicyType"], policy["Alarms"]) == (
        "p",
        "TargetTrackingScaling",
        answer["Alarms"],
    )


def test_a_policy_that_is_put_again_keeps_its_name_and_its_alarms(world: Any) -> None:
    world.register()
    before = world.track(70.0)
    assert world.track(80.0) == before
    assert len(policies(world)) == 1
    assert policies(world, PolicyNames=["other"]) == []


def test_a_policy_that_does_not_scale_in_has_one_alarm(world: Any) -> None:
    world.register()
    assert len(world.track(DisableScaleIn=True)["Alarms"]) == len(world.alarms()) == 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"target": 0.0}, "TargetValue must be greater than 0"),
        ({"PredefinedMetricSpecification": {"PredefinedMetricType": "Other"}}, "PredefinedMetricType='Other'"),
        ({"CustomizedMetricSpecification": {"Metrics": []}}, "does not serve .*CustomizedMetricSpecification.Metrics"),
        (
            {
                "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
                "CustomizedMetricSpecification": {"MetricName": "m"},
            },
            "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified",
        ),
        ({"CustomizedMetricSpecification": {"MetricName": "m"}}, "lacks Namespace and Statistic"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(world: Any, settings: Any, message: str) -> None:
    world.register()
    with pytest.raises(AwsError, match=message):
        world.track(**settings)


def test_other_kinds_of_policies_are_refused(world: Any) -> None:
    world.register()
    with pytest.raises(AwsError, match="PolicyType='StepScaling'"):
        world.call("PutScalingPolicy", **SCALED, PolicyName="p", PolicyType="StepScaling")
    with pytest.raises(AwsError, match="TargetTrackingScalingPolicyConfiguration must be specified"):
        world.call("PutScalingPolicy", **SCALED, PolicyName="p")


def test_a_deregistered_target_takes_its_policies_and_their_alarms_with_it(world: Any) -> None:
    world.register()
    world.track()
    world.call("DeregisterScalableTarget", **SCALED)
    assert (targets(world), policies(world), world.alarms()) == ([], [], [])


def test_a_deleted_policy_takes_its_alarms_with_it(world: Any) -> None:
    world.register()
    world.track()
    world.call("DeleteScalingPolicy", **SCALED, PolicyName="p")
    assert (policies(world), world.alarms(), len(targets(world))) == ([], [], 1)


@pytest.mark.parametrize("operation", ["DeregisterScalableTarget", "PutScalingPolicy", "DeleteScalingPolicy"])
def test_what_is_not_there_is_not_found(world: Any, operation: str) -> None:
    more: Any
    metric = {"PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}}
    more = {
        "DeregisterScalableTarget": {},
        "PutScalingPolicy": {
            "PolicyName": "p",
            "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 1, **metric},
        },
        "DeleteScalingPolicy": {"PolicyName": "p"},
    }[operation]
    with pytest.raises(AwsError, match=f"ObjectNotFoundException: No scal.* found .*resource ID: {RESOURCE}"):
        world.call(operation, **SCALED, **more)


def test_lists_come_in_pages(world: Any) -> None:
    world.endpoints.counts["b"] = 1
    world.register()
    world.register(ResourceId="endpoint/e/variant/b")
    first = world.call("DescribeScalableTargets", ServiceNamespace="sagemaker", MaxResults=1)
    assert [one["ResourceId"] for one in first["ScalableTargets"]] == ["endpoint/e/variant/b"]
    (last,) = targets(world, NextToken=first["NextToken"])
    assert last["ResourceId"] == RESOURCE
    with pytest.raises(AwsError, match="InvalidNextTokenException"):
        targets(world, NextToken="x")


def test_of_other_services_there_is_nothing(world: Any) -> None:
    world.register()
    assert world.call("DescribeScalableTargets", ServiceNamespace="ecs") == {"ScalableTargets": []}


def test_a_target_has_tags(world: Any) -> None:
    arn = world.register(Tags={"a": "1"})
    world.call("TagResource", ResourceARN=arn, Tags={"b": "2"})
    world.call("UntagResource", ResourceARN=arn, TagKeys=["a"])
    assert world.call("ListTagsForResource", ResourceARN=arn) == {"Tags": {"b": "2"}}
    with pytest.raises(AwsError, match="ResourceNotFoundException"):
        world.call("ListTagsForResource", ResourceARN=f"{arn}x")


def test_all_of_it_comes_back_with_the_cloud(world: Any) -> None:
    world.register(2, 4)
    world.track()
    world.look()

    def everything() -> Any:
        return targets(world), policies(world), world.activities()

    before = everything()
    world.scaling.close()
    world.start()
    assert everything() == before
    assert world.look() == 2
    assert world.activities()[0]["StatusCode"] == "Successful"
