"""Register scaling: as many instances as the load needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from penstock_constructs.policy import Statement, allow, arn
from penstock_constructs.steps.endpoint_config import MAIN
from penstock_constructs.steps.step import Machine, Step, attempts, task

_FAULTS = (
    "ApplicationAutoScaling.ApplicationAutoScalingException",
    "ApplicationAutoScaling.ConcurrentUpdateException",
    "ApplicationAutoScaling.InternalServiceException",
    "ApplicationAutoScaling.SdkClientException",
    "States.Timeout",
)
_DIMENSION = "sagemaker:variant:DesiredInstanceCount"
_SERVICE = "sagemaker.application-autoscaling.amazonaws.com"
# The role that Application Auto Scaling works with; the first registration of an account makes it.
_SERVICE_ROLE = f"role/aws-service-role/{_SERVICE}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"


@dataclass(frozen=True)
class Scaling:
    """Between `minimum` and `maximum` instances, so that each gets `invocations_per_instance` a minute.

    What an asynchronous endpoint has too much of waits in its queue: there it is so many that wait for each instance.
    """

    minimum: int
    maximum: int
    invocations_per_instance: int
    asynchronous: bool = False

    def policy(self, endpoint: str) -> dict[str, Any]:
        """Return the configuration of the policy that keeps the number to the load."""
        if self.asynchronous:
            metric: dict[str, Any] = {
                "CustomizedMetricSpecification": {
                    "Namespace": "AWS/SageMaker",
                    "MetricName": "ApproximateBacklogSizePerInstance",
                    "Dimensions": [{"Name": "EndpointName", "Value": endpoint}],
                    "Statistic": "Average",
                }
            }
        else:
            metric = {
                "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
            }
        return {"TargetValue": self.invocations_per_instance, **metric}


def scale(*, machine: Machine, scaling: Scaling, then: str) -> Step:
    """Let the number of the endpoint's instances, of its variant `main`, follow the load.

    A challenger keeps the number that it begins with: it gets a fixed share of the requests, and a small one.
    """
    target = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{machine.name}/variant/{MAIN}",
        "ScalableDimension": _DIMENSION,
    }
    register = task(
        "aws-sdk:applicationautoscaling:registerScalableTarget",
        target | {"MinCapacity": scaling.minimum, "MaxCapacity": scaling.maximum},
        timeout_seconds=60,
        retry_on=_FAULTS,
    )
    put = task(
        "aws-sdk:applicationautoscaling:putScalingPolicy",
        target
        | {
            "PolicyName": machine.name,
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": scaling.policy(machine.name),
        },
        timeout_seconds=60,
        retry_on=_FAULTS,
    )
    return Step(
        {"Register scaling": register | {"Next": "Put scaling policy"}, "Put scaling policy": put | {"Next": then}},
        _permissions(machine.name),
    )


def _permissions(endpoint: str) -> Sequence[Statement]:
    """Return what Application Auto Scaling does in the caller's name: it looks at the variant, and makes the alarms.

    A target's ARN ends with an id that nobody knows beforehand:
    https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html
    """
    of_variants = {
        "StringEquals": {
            "application-autoscaling:service-namespace": "sagemaker",
            "application-autoscaling:scalable-dimension": _DIMENSION,
        }
    }
    actions = ["application-autoscaling:RegisterScalableTarget", "application-autoscaling:PutScalingPolicy"]
    # The service's own role is in no region.
    role = {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:{_SERVICE_ROLE}"}
    return [
        allow("Scaling", actions, arn("application-autoscaling", "scalable-target/*"), of_variants),
        allow(
            "ScalingEndpoint",
            ["sagemaker:DescribeEndpoint", "sagemaker:UpdateEndpointWeightsAndCapacities"],
            arn("sagemaker", f"endpoint/{endpoint}"),
        ),
        allow("ScalingConfig", "sagemaker:DescribeEndpointConfig", attempts("endpoint-config", endpoint)),
        allow(
            "ScalingAlarms",
            ["cloudwatch:PutMetricAlarm", "cloudwatch:DescribeAlarms", "cloudwatch:DeleteAlarms"],
            arn("cloudwatch", f"alarm:TargetTracking-endpoint/{endpoint}/variant/*"),
        ),
        allow(
            "ScalingRole",
            "iam:CreateServiceLinkedRole",
            role,
            {"StringEquals": {"iam:AWSServiceName": _SERVICE}},
        ),
    ]
