import json
from collections.abc import Callable
from typing import Any

from penstock_constructs.steps.scaling import Scaling, scale
from penstock_constructs.steps.step import Machine

RequestOf = Callable[..., Any]
SCALING = Scaling(2, 4, 600)


def test_the_variant_is_registered_and_then_has_its_policy(machine: Machine, request_of: RequestOf) -> None:
    states = scale(machine=machine, scaling=SCALING, then="Tidy").states
    target = request_of(states["Register scaling"])
    assert (target["ResourceId"], target["MinCapacity"], target["MaxCapacity"]) == (
        "endpoint/dev-bigmart/variant/main",
        2,
        4,
    )
    assert states["Register scaling"]["Next"] == "Put scaling policy"
    assert states["Put scaling policy"]["Next"] == "Tidy"


def test_each_instance_is_to_get_so_many_requests(machine: Machine, request_of: RequestOf) -> None:
    policy = request_of(scale(machine=machine, scaling=SCALING, then="Tidy").states["Put scaling policy"])
    assert policy["TargetTrackingScalingPolicyConfiguration"] == {
        "TargetValue": 600,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
    }


def test_where_requests_wait_what_waits_counts(machine: Machine, request_of: RequestOf) -> None:
    scaling = Scaling(1, 3, 600, asynchronous=True)
    policy = request_of(scale(machine=machine, scaling=scaling, then="Tidy").states["Put scaling policy"])
    metric = policy["TargetTrackingScalingPolicyConfiguration"]["CustomizedMetricSpecification"]
    assert metric["MetricName"] == "ApproximateBacklogSizePerInstance"
    assert metric["Dimensions"] == [{"Name": "EndpointName", "Value": "dev-bigmart"}]


def test_the_service_s_own_role_may_be_made_for_it_only(machine: Machine) -> None:
    statements = {item["Sid"]: item for item in scale(machine=machine, scaling=SCALING, then="Tidy").statements}
    role = statements["ScalingRole"]
    assert role["Condition"] == {
        "StringEquals": {"iam:AWSServiceName": "sagemaker.application-autoscaling.amazonaws.com"}
    }
    assert "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint" in json.dumps(role["Resource"])
