"""AWS::CloudWatch: alarms."""

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType
from penstock.local.deploy.resources.shape import VALUE, Shape

_METRIC: Shape = {"Dimensions": [{"Name": VALUE, "Value": VALUE}], "MetricName": VALUE, "Namespace": VALUE}
_PROPERTIES: dict[str, Shape] = {
    "AlarmActions": [VALUE],
    "AlarmDescription": VALUE,
    "ComparisonOperator": VALUE,
    "EvaluationPeriods": VALUE,
    "Metrics": [
        {
            "Expression": VALUE,
            "Id": VALUE,
            "Label": VALUE,
            "MetricStat": {"Metric": _METRIC, "Period": VALUE, "Stat": VALUE},
            "ReturnData": VALUE,
        }
    ],
    "Threshold": VALUE,
    "TreatMissingData": VALUE,
}


def _create(alarm: Handle) -> Physical:
    name = alarm.name(255)
    _put(alarm, name)
    return Physical(name)


def _put(alarm: Handle, name: str) -> None:
    alarm.client("cloudwatch").put_metric_alarm(AlarmName=name, **alarm.properties)


ALARM = ResourceType(
    properties=_PROPERTIES,
    required=("ComparisonOperator", "EvaluationPeriods"),
    create=_create,
    configure=lambda alarm: _put(alarm, alarm.id),  # an alarm is put as a whole
    delete=lambda alarm: alarm.client("cloudwatch").delete_alarms(AlarmNames=[alarm.id]),
    created_with=tuple(_PROPERTIES),
)
