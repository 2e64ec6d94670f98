"""What the operations of CloudWatch and X-Ray take."""

from collections.abc import Iterator

from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements.rules import Asked, Rules, also, each, given, on, table, within


def _namespace(asked: Asked) -> dict[str, str]:
    return {"cloudwatch:namespace": asked["Namespace"]} if asked["Namespace"] else {}


def _described(asked: Asked) -> Iterator[Requirement]:
    """Yield what it takes to see the alarms that are named; composite ones alone take all that there are.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
    """
    named = () if [*(asked["AlarmTypes"] or ())] == ["CompositeAlarm"] else asked["AlarmNames"]
    for name in named or ("*",):
        yield Requirement("cloudwatch:DescribeAlarms", asked.arn("cloudwatch", f"alarm:{name}"))


_ALARMS = "DeleteAlarms DisableAlarmActions EnableAlarmActions"
_ALARM = "alarm:{AlarmName}"
CLOUDWATCH: Rules = table(
    "cloudwatch",
    {
        _ALARM: "PutCompositeAlarm PutMetricAlarm SetAlarmState DescribeAlarmHistory",
        "{ResourceARN}": "ListTagsForResource TagResource UntagResource",
        "*": (
            "DescribeAlarmsForMetric DescribeAnomalyDetectors GetMetricData GetMetricStatistics GetMetricWidgetImage"
            " ListDashboards ListMetrics PutMetricData"
        ),
    },
) | table(
    "cloudwatch",
    {"dashboard/{DashboardName}": "GetDashboard PutDashboard"},
    arn="arn:{partition}:cloudwatch::{account}:",
)
CLOUDWATCH |= {
    **{name: each(f"cloudwatch:{name}", "alarm:{}", "AlarmNames") for name in _ALARMS.split()},
    "DeleteDashboards": each(
        "cloudwatch:DeleteDashboards", "dashboard/{}", "DashboardNames", arn="arn:{partition}:cloudwatch::{account}:"
    ),
}
CLOUDWATCH["DescribeAlarms"] = _described
CLOUDWATCH["PutMetricData"] = within(CLOUDWATCH["PutMetricData"], _namespace)


XRAY: Rules = table(
    "xray",
    {
        "*": (
            "BatchGetTraces GetEncryptionConfig GetGroups GetSamplingRules GetSamplingStatisticSummaries"
            " GetSamplingTargets GetServiceGraph GetTimeSeriesServiceStatistics GetTraceGraph GetTraceSummaries"
            " PutEncryptionConfig PutTelemetryRecords PutTraceSegments"
        ),
        "group/{GroupName}/*": "CreateGroup DeleteGroup GetGroup UpdateGroup",
        "{ResourceARN}": "ListTagsForResource TagResource UntagResource",
        "sampling-rule/{RuleName}": "DeleteSamplingRule",
        "sampling-rule/{SamplingRule.RuleName}": "CreateSamplingRule",
        "sampling-rule/{SamplingRuleUpdate.RuleName}": "UpdateSamplingRule",
    },
)
also(CLOUDWATCH, "PutMetricAlarm PutCompositeAlarm", given("Tags", on("cloudwatch:TagResource", _ALARM)))
