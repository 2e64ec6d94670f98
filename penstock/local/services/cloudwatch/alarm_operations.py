"""The operations on alarms."""

import json

from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.service import AwsError, JsonObject, Operation
from penstock.local.services.cloudwatch.alarm import COMPOSITE, METRIC, Alarm, State
from penstock.local.services.cloudwatch.alarms import Alarms
from penstock.local.services.cloudwatch.checks import check_common, check_metric_alarm, check_rule, invalid
from penstock.local.services.cloudwatch.paging import page
from penstock.local.services.cloudwatch.queries import metric_of

_PAGE = 50
_LISTS = ("OKActions", "AlarmActions", "InsufficientDataActions")
_BRIEF = ("AlarmName", "AlarmArn", "StateValue", "StateUpdatedTimestamp")
_MEMBERS = {METRIC: "MetricAlarms", COMPOSITE: "CompositeAlarms"}


class AlarmOperations:
    """What clients ask of alarms."""

    def __init__(self, *, alarms: Alarms, clients: Clients, clock: Clock) -> None:
        self._alarms = alarms
        self._clients = clients
        self._clock = clock
        self.operations: dict[str, Operation] = {
            "PutMetricAlarm": self._put_metric,
            "PutCompositeAlarm": self._put_composite,
            "DeleteAlarms": self._delete,
            "DescribeAlarms": self._describe,
            "DescribeAlarmsForMetric": self._describe_for_metric,
            "SetAlarmState": self._set_state,
            "EnableAlarmActions": lambda request: self._enable(request, enabled=True),
            "DisableAlarmActions": lambda request: self._enable(request, enabled=False),
        }

    def arn(self, name: str) -> str:
        """Return the ARN of an alarm."""
        return self._clients.arn("cloudwatch", f"alarm:{name}")

    def _put_metric(self, request: JsonObject) -> JsonObject:
        check_common(request)
        settings = _settings(request)
        if "Metrics" in settings:
            settings["Metrics"] = [{"ReturnData": True, **query} for query in settings["Metrics"]]
        else:
            settings["Dimensions"] = settings.get("Dimensions", [])
        name, now = request["AlarmName"], self._clock.now()
        check_metric_alarm(Alarm(METRIC, name, self.arn(name), settings, now, State.first(now)))
        return self._put(METRIC, request, settings)

    def _put_composite(self, request: JsonObject) -> JsonObject:
        check_common(request)
        settings = _settings(request)
        named = check_rule(settings).alarms
        if absent := [name for name in named if self._alarms.get(name) is None]:
            raise invalid(
                f"Could not save the composite alarm as alarms [{', '.join(absent)}] in the alarm rule do not exist"
            )
        if request["AlarmName"] in named:
            raise invalid("The alarm rule cannot name the composite alarm itself.")
        return self._put(COMPOSITE, request, settings)

    def _put(self, kind: str, request: JsonObject, settings: JsonObject) -> JsonObject:
        name = request["AlarmName"]
        former = self._alarms.get(name)
        if former is not None and former.kind != kind:
            raise invalid(f"There is another alarm of the name {name}, a {former.kind}.")
        tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}
        self._alarms.put(kind, name, self.arn(name), settings, tags)
        return {}

    def _delete(self, request: JsonObject) -> JsonObject:
        found = [alarm for name in request["AlarmNames"] if (alarm := self._alarms.get(name))]
        if sum(alarm.kind == COMPOSITE for alarm in found) > 1:
            raise invalid("At most one composite alarm can be deleted in one call.")
        self._alarms.remove(alarm.name for alarm in found)
        return {}

    def _describe(self, request: JsonObject) -> JsonObject:
        if request.get("AlarmNames") and request.get("AlarmNamePrefix"):
            raise invalid("AlarmNamePrefix and AlarmNames can not be specified together.")
        relatives = self._relatives(request)
        if relatives is not None:
            briefs = [(alarm.kind, {key: alarm.described()[key] for key in _BRIEF}) for alarm in relatives]
        else:
            briefs = [(alarm.kind, alarm.described()) for alarm in self._alarms.all() if _asked(alarm, request)]
        paged = page("all", briefs, request.get("NextToken"), request.get("MaxRecords") or _PAGE)
        answer: JsonObject = {key: value for key, value in paged.items() if key == "NextToken"}
        for kind in request.get("AlarmTypes") or ([METRIC, COMPOSITE] if relatives is not None else [METRIC]):
            if kind in _MEMBERS:
                answer[_MEMBERS[kind]] = [described for one, described in paged["all"] if one == kind]
        return {member: [] for member in _MEMBERS.values()} | answer

    def _relatives(self, request: JsonObject) -> list[Alarm] | None:
        """Return the children or the parents that a request asks for, or None if it asks for neither."""
        if parent := request.get("ChildrenOfAlarmName"):
            alarm = self._existing(parent)
            return [child for name in alarm.rule.alarms if (child := self._alarms.get(name))]
        if child_name := request.get("ParentsOfAlarmName"):
            self._existing(child_name)
            return [one for one in self._alarms.all() if one.kind == COMPOSITE and child_name in one.rule.alarms]
        return None

    def _describe_for_metric(self, request: JsonObject) -> JsonObject:
        metric = metric_of(request)
        asked = {key: request[key] for key in ("Period", "Unit", "Statistic", "ExtendedStatistic") if key in request}
        found = [
            alarm.described()
            for alarm in self._alarms.all()
            if alarm.kind == METRIC
            and metric in alarm.queries.metrics
            and asked.items() <= {key: alarm.settings.get(key) for key in asked}.items()
        ]
        return {"MetricAlarms": found}

    def _set_state(self, request: JsonObject) -> JsonObject:
        name, data = request["AlarmName"], request.get("StateReasonData")
        if data is not None and not _is_json(data):
            raise AwsError("InvalidFormat", "StateReasonData is not valid JSON.")
        if not self._alarms.set(name, request["StateValue"], request["StateReason"], data):
            raise _absent(name)
        return {}

    def _enable(self, request: JsonObject, *, enabled: bool) -> JsonObject:
        for name in request["AlarmNames"]:
            self._alarms.change(name, settings={"ActionsEnabled": enabled})
        return {}

    def _existing(self, name: str) -> Alarm:
        alarm = self._alarms.get(name)
        if alarm is None:
            raise _absent(name)
        return alarm


def _absent(name: str) -> AwsError:
    return AwsError("ResourceNotFound", f"Alarm {name} does not exist", 404)


def _settings(request: JsonObject) -> JsonObject:
    given = {key: value for key, value in request.items() if key not in {"AlarmName", "Tags"}}
    return {"ActionsEnabled": True, **{key: [] for key in _LISTS}, **given}


def _asked(alarm: Alarm, request: JsonObject) -> bool:
    actions = [action for key in _LISTS for action in alarm.settings[key]]
    return (
        alarm.kind in (request.get("AlarmTypes") or [METRIC])
        and (not request.get("AlarmNames") or alarm.name in request["AlarmNames"])
        and alarm.name.startswith(request.get("AlarmNamePrefix", ""))
        and request.get("StateValue") in {None, alarm.state.value}
        and ("ActionPrefix" not in request or any(one.startswith(request["ActionPrefix"]) for one in actions))
    )


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
