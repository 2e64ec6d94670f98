"""Target tracking: the alarms of a policy, and the capacity that it wants.

https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
"""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from penstock.local.service import JsonObject
from penstock.local.services.autoscaling.targets import Policy, Target

COOLDOWN_SECONDS = 300  # AWS's default for endpoints
_HIGH_MINUTES, _LOW_MINUTES = 3, 15
_LOW_SHARE = 0.9  # of the target, below which the metric is well below it
_MINUTE = 60
_LOOK_BACK = timedelta(minutes=5)


def metric(target: Target, settings: JsonObject) -> JsonObject:
    """Return the metric that a policy tracks, and its statistic."""
    if "CustomizedMetricSpecification" in settings:
        custom = settings["CustomizedMetricSpecification"]
        return {key: custom[key] for key in ("Namespace", "MetricName", "Dimensions", "Statistic") if key in custom}
    return {
        "Namespace": "AWS/SageMaker",
        "MetricName": "InvocationsPerInstance",
        "Dimensions": [
            {"Name": "EndpointName", "Value": target.endpoint},
            {"Name": "VariantName", "Value": target.variant},
        ],
        "Statistic": "Sum",
    }


def put_alarms(cloudwatch: Any, target: Target, policy: Policy) -> None:
    """Make the alarms of a policy, or make them anew; they have no actions, as the scaler looks at them itself."""
    value, described = policy.settings["TargetValue"], metric(target, policy.settings)
    common = {**described, "Period": _MINUTE, "AlarmDescription": f"DO NOT EDIT OR DELETE. For {policy.arn}."}
    cloudwatch.put_metric_alarm(
        AlarmName=policy.high,
        ComparisonOperator="GreaterThanThreshold",
        Threshold=value,
        EvaluationPeriods=_HIGH_MINUTES,
        **common,
    )
    if not policy.settings.get("DisableScaleIn", False):
        cloudwatch.put_metric_alarm(
            AlarmName=policy.low,
            ComparisonOperator="LessThanThreshold",
            Threshold=value * _LOW_SHARE,
            EvaluationPeriods=_LOW_MINUTES,
            **common,
        )


def wanted(cloudwatch: Any, target: Target, policy: Policy, current: int, now: datetime) -> tuple[int, str]:
    """Return the capacity that a policy wants instead of the present one, and the alarm that says so, or nothing."""
    states = _states(cloudwatch, policy)
    ringing = next((name for name in (policy.high, policy.low) if states.get(name) == "ALARM"), "")
    value = _latest(cloudwatch, metric(target, policy.settings), now) if ringing else None
    if value is None:
        return current, ""
    capacity = math.ceil(current * value / policy.settings["TargetValue"])
    out = ringing == policy.high
    return (capacity, ringing) if (capacity > current if out else capacity < current) else (current, "")


def cooldown(policy: Policy, *, out: bool) -> timedelta:
    """Return how long after one activity the next one may be."""
    member = "ScaleOutCooldown" if out else "ScaleInCooldown"
    return timedelta(seconds=policy.settings.get(member, COOLDOWN_SECONDS))


def _states(cloudwatch: Any, policy: Policy) -> Mapping[str, str]:
    found = cloudwatch.describe_alarms(AlarmNames=[policy.high, policy.low])["MetricAlarms"]
    return {alarm["AlarmName"]: alarm["StateValue"] for alarm in found}


def _latest(cloudwatch: Any, described: JsonObject, now: datetime) -> float | None:
    """Return the metric of the last minute that is over and has something in it."""
    stat = {key: value for key, value in described.items() if key != "Statistic"}
    end = now.replace(second=0, microsecond=0)
    query = {"Id": "m", "MetricStat": {"Metric": stat, "Period": _MINUTE, "Stat": described["Statistic"]}}
    found = cloudwatch.get_metric_data(MetricDataQueries=[query], StartTime=end - _LOOK_BACK, EndTime=end)
    values = found["MetricDataResults"][0]["Values"]
    return float(values[0]) if values else None
