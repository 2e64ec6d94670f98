"""The alarms of a cloud, and how their states change."""

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from penstock.local.clock import Clock
from penstock.local.service import JsonObject
from penstock.local.services.cloudwatch.alarm import COMPOSITE, Alarm, State
from penstock.local.services.cloudwatch.history import History
from penstock.local.services.cloudwatch.judgement import ALARM, OK
from penstock.local.services.cloudwatch.reasons import composite_reason, stamp
from penstock.local.store import Store

_KIND = "alarm"


class Alarms:
    """Alarms by name; `moved` is told of each one that changed its state, with the former one, in order.

    Every change is kept as a record, so that a cloud comes back with its alarms in their states.
    """

    def __init__(
        self, *, store: Store, history: History, clock: Clock, moved: Callable[[Alarm, State], object]
    ) -> None:
        self._store = store
        self._history = history
        self._clock = clock
        self._moved = moved
        self._lock = threading.RLock()
        self._alarms: dict[str, Alarm] = {}

    def restore(self) -> None:
        """Take up the alarms of an earlier cloud."""
        with self._lock:
            records = self._store.all(_KIND)
            self._alarms.update({name: Alarm.of_record(record) for name, record in records.items()})

    def get(self, name: str) -> Alarm | None:
        """Return the alarm of a name, if there is one."""
        return self._alarms.get(name)

    def all(self) -> list[Alarm]:
        """Return all alarms, by name."""
        with self._lock:
            return [self._alarms[name] for name in sorted(self._alarms)]

    def put(self, kind: str, name: str, arn: str, settings: JsonObject, tags: dict[str, str]) -> None:
        """Make an alarm, or configure it anew: then its state and its tags stay."""
        now = self._clock.now()
        with self._lock:
            former = self._alarms.get(name)
            state, kept = (former.state, former.tags) if former else (State.first(now), tags)
            alarm = self._keep(Alarm(kind, name, arn, settings, now, state, kept))
            what = "updated" if former else "created"
            self._history.configured(alarm, what, now)
            if kind == COMPOSITE:
                self._compose([alarm], f"{arn} was {what} and its alarm rule evaluates to")

    def change(self, name: str, *, settings: JsonObject | None = None, tags: dict[str, str] | None = None) -> None:
        """Change some settings, or the tags, of an alarm that may be gone."""
        with self._lock:
            alarm = self._alarms.get(name)
            if alarm is not None:
                changed = {**alarm.settings, **(settings or {})}
                self._keep(replace(alarm, settings=changed, tags=alarm.tags if tags is None else tags))

    def remove(self, names: Iterable[str]) -> None:
        """Delete alarms; those that are not there are passed over."""
        with self._lock:
            for name in names:
                alarm = self._alarms.pop(name, None)
                if alarm is not None:
                    self._store.remove(_KIND, name)
                    self._history.configured(alarm, "deleted", self._clock.now())

    def judged(self, alarm: Alarm, value: str, reason: str, data: str | None, at: datetime) -> None:
        """Bring an alarm into the state that it was judged to be in, if it is still the one that was judged."""
        with self._lock:
            if self._alarms.get(alarm.name) is alarm:
                self._move(alarm, value, reason, data, at)

    def set(self, name: str, value: str, reason: str, data: str | None) -> bool:
        """Bring an alarm into a state; return whether there is such an alarm."""
        with self._lock:
            alarm = self._alarms.get(name)
            if alarm is not None:
                self._move(alarm, value, reason, data, self._clock.now())
            return alarm is not None

    def _move(self, alarm: Alarm, value: str, reason: str, data: str | None, at: datetime) -> None:
        """Bring an alarm into a state, and then the composite alarms."""
        self._set(alarm, value, reason, data, max(at, alarm.state.updated))
        self._compose([one for one in self.all() if one.kind == COMPOSITE])

    def _set(self, alarm: Alarm, value: str, reason: str, data: str | None, at: datetime) -> None:
        after = self._keep(alarm.with_state(value, reason, data, at))
        if value != alarm.state.value:
            self._history.moved(alarm, after)
            self._moved(after, alarm.state)

    def _compose(self, composites: list[Alarm], reason: str = "") -> None:
        """Evaluate composite alarms, and then those that depend on them; a cycle ends, as each turns once."""
        turned: set[str] = set()
        waiting = composites
        while waiting:
            alarm = waiting.pop(0)
            states = {name: one.state.value for name, one in self._alarms.items()}
            value = ALARM if alarm.rule.holds(states) else OK
            if value != alarm.state.value and alarm.name not in turned:
                turned.add(alarm.name)
                self._turn(alarm, value, reason)
                reason = ""  # it is the first one's only
                waiting = [one for one in self.all() if one.kind == COMPOSITE]

    def _turn(self, alarm: Alarm, value: str, configured: str) -> None:
        """Turn a composite alarm to a state, because of the alarm of its rule that changed last."""
        children = [child for name in alarm.rule.alarms if (child := self._alarms.get(name))]
        last = max(children, key=lambda child: child.state.transitioned, default=alarm)
        at = max(last.state.transitioned, alarm.state.updated)
        if configured:
            self._set(alarm, value, f"{configured} {value}", None, at)
            return
        known = {"value": last.state.value, "timestamp": stamp(last.state.transitioned)}
        data = json.dumps({"triggeringAlarms": [{"arn": last.arn, "state": known}]})
        self._set(alarm, value, composite_reason(last.arn, last.state.value, last.state.transitioned), data, at)

    def _keep(self, alarm: Alarm) -> Alarm:
        self._alarms[alarm.name] = alarm
        self._store.put(_KIND, alarm.name, alarm.record())
        return alarm
