"""What an alarm tells the world when its state changes: to a topic, to a function, to EventBridge."""

import json
from functools import cache
from typing import Any

import botocore.loaders

from penstock.local.service import JsonObject
from penstock.local.services.cloudwatch.alarm import COMPOSITE, Alarm, State
from penstock.local.services.cloudwatch.reasons import stamp

_MOST_SUBJECT = 100
_TRIGGER = ("Period", "EvaluationPeriods", "DatapointsToAlarm", "ComparisonOperator", "Threshold", "TreatMissingData")


def subject(alarm: Alarm) -> str:
    """Return the subject of the message to a topic."""
    return f'{alarm.state.value}: "{alarm.name}" in {region_name(_part(alarm, 3))}'[:_MOST_SUBJECT]


def notification(alarm: Alarm, former: State) -> JsonObject:
    """Return the message to a topic."""
    settings = alarm.settings
    common = {
        "AlarmName": alarm.name,
        "AlarmDescription": settings.get("AlarmDescription"),
        "AWSAccountId": _part(alarm, 4),
        "AlarmConfigurationUpdatedTimestamp": stamp(alarm.configured),
        "NewStateValue": alarm.state.value,
        "NewStateReason": alarm.state.reason,
        "StateChangeTime": stamp(alarm.state.updated),
        "Region": region_name(_part(alarm, 3)),
        "AlarmArn": alarm.arn,
        "OldStateValue": former.value,
        **{key: settings[key] for key in ("OKActions", "AlarmActions", "InsufficientDataActions")},
    }
    if alarm.kind == COMPOSITE:
        children = json.loads(alarm.state.data or "{}").get("triggeringAlarms", [])
        named = [{"Arn": one["arn"], "State": _capitals(one["state"])} for one in children]
        return common | {"AlarmRule": settings["AlarmRule"], "TriggeringChildren": named}
    return common | {"Trigger": _trigger(settings)}


def invocation(alarm: Alarm, former: State) -> JsonObject:
    """Return the event for a function."""
    return {
        "source": "aws.cloudwatch",
        "alarmArn": alarm.arn,
        "accountId": _part(alarm, 4),
        "time": stamp(alarm.state.updated),
        "region": _part(alarm, 3),
        "alarmData": _change(alarm, former),
    }


def event(alarm: Alarm, former: State) -> JsonObject:
    """Return the event for EventBridge."""
    return {
        "source": "aws.cloudwatch",
        "detail-type": "CloudWatch Alarm State Change",
        "resources": [alarm.arn],
        "detail": _change(alarm, former),
    }


@cache
def region_name(region: str) -> str:
    """Return how people call a region: US East (N. Virginia)."""
    partitions = botocore.loaders.create_loader().load_data("partitions")["partitions"]
    regions = {name: found for partition in partitions for name, found in partition["regions"].items()}
    # The messages kept the name that Europe once had.
    return str(regions.get(region, {}).get("description", region)).replace("Europe (", "EU (")


def _change(alarm: Alarm, former: State) -> JsonObject:
    return {
        "alarmName": alarm.name,
        "state": _state(alarm.state),
        "previousState": _state(former),
        "configuration": _configuration(alarm),
    }


def _state(state: State) -> JsonObject:
    data = {"reasonData": state.data} if state.data else {}
    return {"value": state.value, "reason": state.reason, **data, "timestamp": stamp(state.updated)}


def _configuration(alarm: Alarm) -> JsonObject:
    described = {key: alarm.settings[key] for key in ("AlarmDescription",) if key in alarm.settings}
    description = {"description": described["AlarmDescription"]} if described else {}
    if alarm.kind == COMPOSITE:
        return {"alarmRule": alarm.settings["AlarmRule"], **description}
    return {**description, "metrics": [_metric(query) for query in alarm.queries.queries.values()]}


def _metric(query: JsonObject) -> JsonObject:
    taken = {key[:1].lower() + key[1:]: query[key] for key in ("Id", "Expression", "Label", "Period") if key in query}
    taken["returnData"] = query.get("ReturnData", True)
    if "MetricStat" not in query:
        return taken
    stat, metric = query["MetricStat"], query["MetricStat"]["Metric"]
    dimensions = {one["Name"]: one["Value"] for one in metric.get("Dimensions", [])}
    named = {"namespace": metric["Namespace"], "name": metric["MetricName"], "dimensions": dimensions}
    unit = {"unit": stat["Unit"]} if "Unit" in stat else {}
    return taken | {"metricStat": {"metric": named, "period": stat["Period"], "stat": stat["Stat"], **unit}}


def _trigger(settings: JsonObject) -> JsonObject:
    taken = {key: settings[key] for key in _TRIGGER if key in settings}
    taken = {"TreatMissingData": "", **taken, "EvaluateLowSampleCountPercentile": ""}
    if "Metrics" in settings:
        return {**taken, "Metrics": [_lower_dimensions(query) for query in settings["Metrics"]]}
    if "Statistic" in settings:
        simple = {"SampleCount": "SAMPLE_COUNT"}
        name = settings["Statistic"]
        statistic = {"StatisticType": "Statistic", "Statistic": simple.get(name, name.upper())}
    else:
        statistic = {"StatisticType": "ExtendedStatistic", "ExtendedStatistic": settings["ExtendedStatistic"]}
    return {
        "MetricName": settings["MetricName"],
        "Namespace": settings["Namespace"],
        **statistic,
        "Unit": settings.get("Unit"),
        "Dimensions": _lower(settings["Dimensions"]),
        **taken,
    }


def _lower_dimensions(query: JsonObject) -> JsonObject:
    if "MetricStat" not in query:
        return query
    stat = query["MetricStat"]
    metric = {**stat["Metric"], "Dimensions": _lower(stat["Metric"].get("Dimensions", []))}
    return {**query, "MetricStat": {**stat, "Metric": metric}}


def _lower(dimensions: list[JsonObject]) -> list[JsonObject]:
    return [{"value": one["Value"], "name": one["Name"]} for one in dimensions]


def _capitals(state: JsonObject) -> dict[str, Any]:
    return {"Value": state["value"], "Timestamp": state["timestamp"]}


def _part(alarm: Alarm, number: int) -> str:
    """Return a part of the alarm's ARN: 3 is the region, 4 the account."""
    return alarm.arn.split(":")[number]
