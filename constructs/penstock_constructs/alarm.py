"""An alarm."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from constructs import Construct

from penstock_constructs.resource import arn_of, resource
from penstock_constructs.topic import Topic


@dataclass(frozen=True)
class Metric:
    """A CloudWatch metric."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    statistic: str = "Sum"


@dataclass(frozen=True)
class Watch:
    """An alarm goes off when what it watches is above `threshold` for so many periods, one after another."""

    threshold: float = 0
    period_seconds: int = 300
    periods: int = 1


class Alarm(Construct):
    """An alarm on `expression`, of the metrics by their keys, that tells a topic.

    No data is no alarm: an endpoint that nobody calls has no error rate.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        description: str,
        expression: str,
        metrics: Mapping[str, Metric],
        watch: Watch,
        topic: Topic,
    ) -> None:
        super().__init__(scope, construct_id)
        result = {"Id": "result", "Expression": expression, "Label": construct_id, "ReturnData": True}
        alarm = resource(
            self,
            "Resource",
            "AWS::CloudWatch::Alarm",
            {
                "AlarmDescription": description,
                "AlarmActions": [topic.arn],
                "Metrics": [result, *(_query(key, metric, watch.period_seconds) for key, metric in metrics.items())],
                "ComparisonOperator": "GreaterThanThreshold",
                "Threshold": watch.threshold,
                "EvaluationPeriods": watch.periods,
                "TreatMissingData": "notBreaching",
            },
        )
        self.name: str = alarm.ref
        self.arn = arn_of(alarm)


def _query(key: str, metric: Metric, period_seconds: int) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in metric.dimensions.items()]
    named = {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": dimensions}
    return {
        "Id": key,
        "ReturnData": False,
        "MetricStat": {"Metric": named, "Period": period_seconds, "Stat": metric.statistic},
    }
