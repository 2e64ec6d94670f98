"""What is refused of metric alarms, and how."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from penstock.local.service import AwsError

STAT = {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 60, "Stat": "Sum"}
M1 = {"Id": "m1", "MetricStat": STAT, "ReturnData": False}
_NONE = dict.fromkeys(("Namespace", "MetricName", "Statistic", "Period"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ComparisonOperator": "GreaterThanUpperThreshold"}, "no anomaly detection, which GreaterThanUpperThreshold"),
        ({"ComparisonOperator": "More"}, "Member must satisfy enum value set"),
        ({"ThresholdMetricId": "m1"}, "does not serve ThresholdMetricId of alarms"),
        ({"Threshold": None}, "The parameter Threshold is required."),
        ({"TreatMissingData": "guess"}, "Option guess is not supported. Must be one of: breaching, notBreaching"),
        ({"EvaluateLowSampleCountPercentile": "ignore"}, "EvaluateLowSampleCountPercentile"),
        ({"Namespace": None}, "The parameter Namespace is required, or Metrics in its place."),
        ({"Statistic": None}, "One of Statistic and ExtendedStatistic has to be given."),
        ({"ExtendedStatistic": "p99"}, "One of Statistic and ExtendedStatistic has to be given."),
        ({"Statistic": None, "ExtendedStatistic": "Sum"}, "The value Sum for parameter ExtendedStatistic"),
        ({"Statistic": None, "ExtendedStatistic": "IQM"}, "The value IQM for parameter ExtendedStatistic"),
        ({"Period": 45}, "Period must be 1, 5, 10, 20, 30 or a multiple of 60; found 45."),
        ({"Period": 5}, "Period must be 10, 20, 30 or a multiple of 60; found 5."),
        ({"Period": 300, "EvaluationPeriods": 289}, "across more than 86400 seconds"),
        ({"Period": 86_400, "EvaluationPeriods": 8}, "across more than 604800 seconds"),
        ({"DatapointsToAlarm": 2}, "DatapointsToAlarm cannot be greater than EvaluationPeriods."),
        ({"AlarmActions": ["topic"]}, "Invalid arn syntax: topic"),
        ({"OKActions": ["arn:aws:automate:us-east-1:ec2:stop"]}, "actions of SNS and Lambda only"),
        (
            {"Metrics": [M1], "MetricName": "m", "Namespace": "N"},
            "Metrics cannot be given together with MetricName",
        ),
        ({**_NONE, "Metrics": [M1]}, "Exactly one element of the metrics list should return data."),
        ({**_NONE, "Metrics": [M1, {"Id": "e"}]}, "The query 'e' has neither MetricStat nor Expression."),
        ({**_NONE, "Metrics": [{**M1, "Expression": "1"}]}, "The query 'm1' has both MetricStat and Expression"),
        ({**_NONE, "Metrics": [M1, M1]}, "The Ids of the queries are not unique."),
        ({**_NONE, "Metrics": [M1, {"Id": "e", "Expression": "m1 +"}]}, "Error in expression 'e': 'm1 +' ends too"),
        ({**_NONE, "Metrics": [M1, {"Id": "e", "Expression": "m2"}]}, "it uses m2, which is no Id of a query."),
        (
            {**_NONE, "Metrics": [{"Id": "a", "Expression": "b"}, {"Id": "b", "Expression": "a"}]},
            "The expressions a, b use each other.",
        ),
        (
            {**_NONE, "Metrics": [{"Id": "e", "Expression": "SEARCH('{N} m', 'Sum', 60)"}]},
            "the local cloud does not have metric math's function SEARCH; it has ABS",
        ),
        (
            {**_NONE, "Metrics": [{"Id": "m", "MetricStat": {**STAT, "Stat": "PR(1:2)"}}]},
            "The value PR(1:2) for parameter Stat is not supported",
        ),
        (
            {
                **_NONE,
                "Metrics": [
                    M1,
                    {"Id": "m2", "MetricStat": {**STAT, "Period": 300}, "ReturnData": False},
                    {"Id": "e", "Expression": "m1 + m2"},
                ],
            },
            "All metrics of an alarm have to have the same Period in the local cloud.",
        ),
    ],
)
def test_an_alarm_that_cannot_be_is_refused(watched: Any, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError) as raised:
        watched.alarm("refused", **changes)
    assert raised.value.response["Error"]["Code"] == "ValidationError"
    assert message in raised.value.response["Error"]["Message"]
    assert watched.client.describe_alarms(AlarmNames=["refused"])["MetricAlarms"] == []


def test_an_operation_that_is_not_served_is_refused_by_name(watched: Any) -> None:
    with pytest.raises(AwsError, match="The local cloud does not serve cloudwatch:PutAnomalyDetector"):
        watched.service.call("PutAnomalyDetector", {}, None)
