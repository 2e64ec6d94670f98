"""AWS::CloudWatch: alarms of metrics, alarms of alarms, and dashboards."""

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType
from penstock.local.deploy.resources.shape import VALUE, Shape
from penstock.local.deploy.resources.tags import TAGS, Tagging

_METRIC: Shape = {"Dimensions": [{"Name": VALUE, "Value": VALUE}], "MetricName": VALUE, "Namespace": VALUE}
_ACTIONS: dict[str, Shape] = {
    "ActionsEnabled": VALUE,
    "AlarmActions": [VALUE],
    "AlarmDescription": VALUE,
    "AlarmName": VALUE,
    "InsufficientDataActions": [VALUE],
    "OKActions": [VALUE],
}
_ALARM: dict[str, Shape] = _ACTIONS | {
    "ComparisonOperator": VALUE,
    "DatapointsToAlarm": VALUE,
    "Dimensions": [{"Name": VALUE, "Value": VALUE}],
    "EvaluateLowSampleCountPercentile": VALUE,
    "EvaluationPeriods": VALUE,
    "ExtendedStatistic": VALUE,
    "MetricName": VALUE,
    "Metrics": [
        {
            "AccountId": VALUE,
            "Expression": VALUE,
            "Id": VALUE,
            "Label": VALUE,
            "MetricStat": {"Metric": _METRIC, "Period": VALUE, "Stat": VALUE, "Unit": VALUE},
            "Period": VALUE,
            "ReturnData": VALUE,
        }
    ],
    "Namespace": VALUE,
    "Period": VALUE,
    "Statistic": VALUE,
    "Threshold": VALUE,
    "TreatMissingData": VALUE,
    "Unit": VALUE,
}
_COMPOSITE: dict[str, Shape] = _ACTIONS | {
    "ActionsSuppressor": VALUE,
    "ActionsSuppressorExtensionPeriod": VALUE,
    "ActionsSuppressorWaitPeriod": VALUE,
    "AlarmRule": VALUE,
}
_TAGGING = Tagging("cloudwatch", lambda alarm: {"ResourceARN": alarm.clients.arn("cloudwatch", f"alarm:{alarm.id}")})


def _expected(alarm: Handle) -> Physical:
    name = alarm.properties.get("AlarmName", alarm.name(255))
    return Physical(name, {"Arn": alarm.clients.arn("cloudwatch", f"alarm:{name}")})


def _alarm_exists(alarm: Handle) -> bool:
    # An alarm of metrics and one of alarms cannot have the same name either.
    both = ["MetricAlarm", "CompositeAlarm"]
    found = alarm.client("cloudwatch").describe_alarms(AlarmNames=[_expected(alarm).id], AlarmTypes=both)
    return any(found.get(f"{kind}s") for kind in both)


def _put(alarm: Handle, operation: str, known: dict[str, Shape]) -> Physical:
    physical = _expected(alarm)
    named = alarm.given(*known) | {"AlarmName": alarm.id or physical.id}
    getattr(alarm.client("cloudwatch"), operation)(**named)
    return physical if not alarm.id else alarm.physical


def _alarm_type(operation: str, known: dict[str, Shape], required: tuple[str, ...]) -> ResourceType:
    return ResourceType(
        properties=known | {"Tags": TAGS},
        required=required,
        exists=_alarm_exists,
        create=lambda alarm: _put(alarm, operation, known),
        expected=_expected,
        configure=lambda alarm: _put(alarm, operation, known),  # an alarm is put as a whole
        delete=lambda alarm: alarm.client("cloudwatch").delete_alarms(AlarmNames=[alarm.id]),
        created_with=tuple(known),
        replaced_by=("AlarmName",),
        attributes=("Arn",),
        name_property="AlarmName",
        tagging=_TAGGING,
    )


ALARM = _alarm_type("put_metric_alarm", _ALARM, ("ComparisonOperator", "EvaluationPeriods"))
COMPOSITE_ALARM = _alarm_type("put_composite_alarm", _COMPOSITE, ("AlarmRule",))


def _dashboard(dashboard: Handle) -> Physical:
    return Physical(dashboard.properties.get("DashboardName", dashboard.name(255)))


def _put_dashboard(dashboard: Handle) -> Physical:
    physical = dashboard.physical if dashboard.id else _dashboard(dashboard)
    body = dashboard.properties["DashboardBody"]
    dashboard.client("cloudwatch").put_dashboard(DashboardName=physical.id, DashboardBody=body)
    return physical


DASHBOARD = ResourceType(
    properties={"DashboardBody": VALUE, "DashboardName": VALUE},
    required=("DashboardBody",),
    exists=lambda board: board.client("cloudwatch").get_dashboard(DashboardName=_dashboard(board).id),
    create=_put_dashboard,
    expected=_dashboard,
    configure=_put_dashboard,
    delete=lambda dashboard: dashboard.client("cloudwatch").delete_dashboards(DashboardNames=[dashboard.id]),
    created_with=("DashboardBody", "DashboardName"),
    replaced_by=("DashboardName",),
    name_property="DashboardName",
)
