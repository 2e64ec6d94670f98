"""What happened to alarms, as DescribeAlarmHistory tells it."""

import json
import threading
from collections import deque
from datetime import UTC, datetime

from penstock.local.service import JsonObject
from penstock.local.services.cloudwatch.alarm import COMPOSITE, METRIC, Alarm, State
from penstock.local.services.cloudwatch.paging import page
from penstock.local.store import Store

_KIND, _LIST = "alarm-history", "all"
_MOST_ITEMS = 10_000
_MOST_DATA = 4_095
_MOST_SUMMARY = 255
_PAGE = 100


class History:
    """The latest items, also of alarms that are deleted."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._items: deque[JsonObject] = deque(maxlen=_MOST_ITEMS)

    def restore(self) -> None:
        """Take up what an earlier cloud kept."""
        with self._lock:
            self._items.extend(self._store.lines(_KIND, _LIST))

    def configured(self, alarm: Alarm, what: str, at: datetime) -> None:
        """Note that an alarm was created, updated or deleted."""
        kind = {"created": "Create", "updated": "Update", "deleted": "Delete"}[what]
        configuration = {_lower(key): value for key, value in alarm.settings.items()}
        configuration |= {"alarmName": alarm.name, "alarmArn": alarm.arn}
        data = {"version": "1.0", "type": kind, f"{what}Alarm": configuration}
        self._add(alarm, "ConfigurationUpdate", f'Alarm "{alarm.name}" {what}', data, at)

    def moved(self, former: Alarm, alarm: Alarm) -> None:
        """Note that an alarm changed its state."""
        data = {"version": "1.0", "oldState": _state(former.state), "newState": _state(alarm.state)}
        summary = f"Alarm updated from {former.state.value} to {alarm.state.value}"
        self._add(alarm, "StateUpdate", summary, data, alarm.state.updated)

    def acted(self, alarm: Alarm, action: str, error: str | None, message: str, at: datetime) -> None:
        """Note what became of an action."""
        data = {
            "actionState": "Failed" if error else "Succeeded",
            "stateUpdateTimestamp": int(alarm.state.updated.timestamp() * 1000),
            "notificationResource": action,
            "publishedMessage": message,
            **({"error": error} if error else {}),
        }
        if error:
            summary = f'Failed to execute action {action}. Received error: "{error}"'
        else:
            summary = f"Successfully executed action {action}"
        self._add(alarm, "Action", summary, data, at)

    def describe(self, request: JsonObject) -> JsonObject:
        """Serve DescribeAlarmHistory."""
        with self._lock:
            items = [*self._items]
        kinds = request.get("AlarmTypes") or [METRIC, COMPOSITE]
        start, end = (_time(request.get(key)) for key in ("StartDate", "EndDate"))
        found = [
            item
            for item in items
            if request.get("AlarmName") in {None, item["AlarmName"]}
            and request.get("HistoryItemType") in {None, item["HistoryItemType"]}
            and item["AlarmType"] in kinds
            and (start is None or item["Timestamp"] >= start)
            and (end is None or item["Timestamp"] <= end)
        ]
        # A fast cloud makes up for minutes that have passed: what happened in them is noted later than it was.
        found.sort(key=lambda item: item["Timestamp"])
        if request.get("ScanBy") != "TimestampAscending":
            found.reverse()
        return page("AlarmHistoryItems", found, request.get("NextToken"), request.get("MaxRecords") or _PAGE)

    def _add(self, alarm: Alarm, kind: str, summary: str, data: JsonObject, at: datetime) -> None:
        item = {
            "AlarmName": alarm.name,
            "AlarmType": alarm.kind,
            "Timestamp": at,
            "HistoryItemType": kind,
            "HistorySummary": summary[:_MOST_SUMMARY],
            "HistoryData": json.dumps(data)[:_MOST_DATA],
        }
        with self._lock:
            self._items.append(item)
        self._store.append(_KIND, _LIST, item)


def _state(state: State) -> JsonObject:
    data = {"stateReasonData": json.loads(state.data)} if state.data else {}
    return {"stateValue": state.value, "stateReason": state.reason, **data}


def _lower(key: str) -> str:
    return "okActions" if key == "OKActions" else key[:1].lower() + key[1:]


def _time(given: datetime | None) -> datetime | None:
    """Return a time that a client gave: the gateway leaves the time zone out, which is UTC."""
    return None if given is None else given.replace(tzinfo=UTC)
