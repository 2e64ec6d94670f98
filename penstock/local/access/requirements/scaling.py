"""What the operations of Application Auto Scaling take: its own, and those that it carries out for who asks.

https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html
"""

from collections.abc import Iterator

from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements.rules import Asked, Rule, Rules, also, given, on, table, within

_VIA = "application-autoscaling.amazonaws.com"
_PRINCIPAL = "sagemaker.application-autoscaling.amazonaws.com"
_ROLE = "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
_KEYS = {
    "application-autoscaling:service-namespace": "ServiceNamespace",
    "application-autoscaling:scalable-dimension": "ScalableDimension",
}
_TARGET = "scalable-target/*"
_CHANGED = (
    "DeleteScalingPolicy DeleteScheduledAction DeregisterScalableTarget PutScalingPolicy PutScheduledAction"
    " RegisterScalableTarget"
)


def _context(asked: Asked) -> dict[str, str]:
    return {key: str(asked[name]) for key, name in _KEYS.items() if asked[name]}


def _scaled(asked: Asked) -> Iterator[Requirement]:
    """Yield what it takes to scale a variant of an endpoint, and the service's own role where there is none yet."""
    kind, _, rest = str(asked["ResourceId"]).partition("/")
    if (asked["ServiceNamespace"], kind) != ("sagemaker", "endpoint"):
        return
    name = rest.partition("/")[0].lower()
    endpoint = asked.arn("sagemaker", f"endpoint/{name}")
    yield Requirement("sagemaker:DescribeEndpoint", endpoint, via=_VIA)
    config = asked.state.endpoint_config_of(name)
    yield Requirement("sagemaker:DescribeEndpointConfig", asked.arn("sagemaker", f"endpoint-config/{config}"), via=_VIA)
    yield Requirement("sagemaker:UpdateEndpointWeightsAndCapacities", endpoint, via=_VIA)
    if not asked.state.has_role(_ROLE):
        arn = f"arn:{asked.partition}:iam::{asked.account}:role/aws-service-role/{_PRINCIPAL}/{_ROLE}"
        yield Requirement("iam:CreateServiceLinkedRole", arn, {"iam:AWSServiceName": _PRINCIPAL}, via=_VIA)


def _alarms(actions: str) -> Rule:
    """Return the rule of what is done to the alarms that a policy which tracks a target works by."""

    def rule(asked: Asked) -> Iterator[Requirement]:
        alarms = asked.arn("cloudwatch", f"alarm:TargetTracking-{asked['ResourceId']}-*")
        for action in actions.split():
            yield Requirement(f"cloudwatch:{action}", alarms, via=_VIA)

    return rule


RULES: Rules = table(
    "application-autoscaling",
    {
        _TARGET: _CHANGED,
        "*": "DescribeScalableTargets DescribeScalingActivities DescribeScalingPolicies DescribeScheduledActions",
        "{ResourceARN}": "ListTagsForResource TagResource UntagResource",
    },
)
RULES |= {name: within(RULES[name], _context) for name in _CHANGED.split()}
also(RULES, "RegisterScalableTarget", _scaled, given("Tags", on("application-autoscaling:TagResource", _TARGET)))
also(RULES, "PutScalingPolicy", _alarms("PutMetricAlarm DescribeAlarms DeleteAlarms"))
# With a policy go its alarms, and with a target its policies.
also(RULES, "DeleteScalingPolicy DeregisterScalableTarget", _alarms("DeleteAlarms"))
