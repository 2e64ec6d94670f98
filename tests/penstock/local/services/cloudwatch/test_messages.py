from datetime import UTC, datetime
from typing import Any

import pytest

from penstock.local.services.cloudwatch.alarm import METRIC, Alarm, State
from penstock.local.services.cloudwatch.messages import notification, region_name, subject

AT = datetime(2026, 1, 12, 16, 30, 42, 236_999, tzinfo=UTC)
METRICS = [
    {"Id": "e", "Expression": "m * 2", "Label": "twice", "ReturnData": True},
    {
        "Id": "m",
        "ReturnData": False,
        "MetricStat": {
            "Metric": {"Namespace": "N", "MetricName": "m", "Dimensions": [{"Name": "a", "Value": "b"}]},
            "Period": 300,
            "Stat": "p99",
        },
    },
]


def alarm(name: str = "a", **settings: Any) -> Alarm:
    common = {"EvaluationPeriods": 1, "Threshold": 5, "ComparisonOperator": "GreaterThanThreshold"}
    actions: dict[str, Any] = {"OKActions": [], "AlarmActions": [], "InsufficientDataActions": []}
    arn = f"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:{name}"
    state = State("ALARM", "because", None, AT, AT)
    return Alarm(METRIC, name, arn, {**common, **actions, **settings}, AT, state)


def trigger(**settings: Any) -> Any:
    return notification(alarm(**settings), State.first(AT))["Trigger"]


def test_a_time_is_written_in_milliseconds() -> None:
    assert notification(alarm(Metrics=METRICS), State.first(AT))["StateChangeTime"] == "2026-01-12T16:30:42.236+0000"


def test_the_trigger_of_an_expression_has_the_metrics() -> None:
    expression, metric = trigger(Metrics=METRICS)["Metrics"]
    assert expression == METRICS[0]
    assert metric["MetricStat"]["Metric"]["Dimensions"] == [{"value": "b", "name": "a"}]
    assert METRICS[1]["MetricStat"]["Metric"]["Dimensions"] == [{"Name": "a", "Value": "b"}]  # type: ignore[index]


@pytest.mark.parametrize(
    ("statistic", "told"),
    [
        ({"Statistic": "SampleCount"}, {"StatisticType": "Statistic", "Statistic": "SAMPLE_COUNT"}),
        ({"ExtendedStatistic": "p99"}, {"StatisticType": "ExtendedStatistic", "ExtendedStatistic": "p99"}),
    ],
)
def test_the_trigger_of_a_metric_has_its_statistic(statistic: dict[str, str], told: dict[str, str]) -> None:
    found = trigger(MetricName="m", Namespace="N", Dimensions=[], Period=60, **statistic)
    assert told.items() <= found.items()
    assert found["TreatMissingData"] == ""


def test_a_subject_has_a_hundred_characters_at_most() -> None:
    assert subject(alarm("n")) == 'ALARM: "n" in EU (Ireland)'
    assert len(subject(alarm("n" * 200))) == 100


def test_a_region_that_nobody_knows_has_its_own_name() -> None:
    assert (region_name("us-east-1"), region_name("mars-north-1")) == ("US East (N. Virginia)", "mars-north-1")
