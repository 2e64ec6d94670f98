"""Watches the metrics of alarms, and saves metrics and the time now and then."""

from collections.abc import Iterator
from datetime import UTC, datetime

from penstock.local.clock import Clock
from penstock.local.services.cloudwatch.alarm import METRIC, Alarm
from penstock.local.services.cloudwatch.alarms import Alarms
from penstock.local.services.cloudwatch.judgement import COMPARISONS, INSUFFICIENT_DATA, judge
from penstock.local.services.cloudwatch.metrics import Metrics
from penstock.local.services.cloudwatch.queries import QueryError
from penstock.local.services.cloudwatch.reasons import threshold_data, threshold_reason
from penstock.local.services.rounds import Rounds
from penstock.local.store import Store

_CLOCK = ("clock", "now")  # the record of what time it was last
_SHORTEST = 0.05
_LONGEST = 1.0
_MOST_STEPS = 1_440


class Watch:
    """A thread that evaluates each metric alarm at the end of every minute of the cloud, or every ten seconds.

    A fast cloud lets many minutes pass between two looks: then each one is made up for, so that nothing is missed.
    """

    def __init__(self, *, alarms: Alarms, metrics: Metrics, clock: Clock, store: Store) -> None:
        self._alarms = alarms
        self._metrics = metrics
        self._clock = clock
        self._store = store
        self._evaluated: dict[str, tuple[datetime, int]] = {}
        self._rounds = Rounds("CloudWatch: alarms", self._round, pause=self._pause)

    def start(self) -> None:
        """Begin."""
        self._rounds.start()

    def close(self) -> None:
        """End, and save the metrics."""
        self._rounds.close()
        if self._rounds.started:
            self._save()

    def _pause(self) -> float:
        return min(max(self._clock.real(1.0), _SHORTEST), _LONGEST)

    def _round(self) -> None:
        self.look(int(self._clock.now().timestamp()))
        self._save()

    def _save(self) -> None:
        self._metrics.save()
        self._store.put(*_CLOCK, {"time": self._clock.now()})

    def look(self, now: int) -> None:
        """Evaluate each alarm at the times that have come since the last look."""
        alarms = [alarm for alarm in self._alarms.all() if alarm.kind == METRIC]
        for alarm in alarms:
            for end in self._due(alarm, now):
                current = self._alarms.get(alarm.name)
                if current is None or current.configured != alarm.configured:
                    break
                self._evaluate(current, end)
        self._evaluated = {alarm.name: self._evaluated[alarm.name] for alarm in alarms}

    def _due(self, alarm: Alarm, now: int) -> Iterator[int]:
        """Yield when an alarm is to be evaluated; where nothing can have changed since, the last time will do."""
        latest = now - now % alarm.step
        configured, last = self._evaluated.get(alarm.name, (alarm.configured, 0))
        if configured != alarm.configured or last == 0:
            last = latest - alarm.step
        self._evaluated[alarm.name] = (alarm.configured, latest)
        newest = max((self._metrics.newest(metric) or 0 for metric in alarm.queries.metrics), default=0)
        if newest + (alarm.range + 1) * alarm.period < last:
            last = max(last, latest - alarm.step)
        yield from range(max(last, latest - _MOST_STEPS * alarm.step) + alarm.step, latest + 1, alarm.step)

    def _evaluate(self, alarm: Alarm, end: int) -> None:
        start, at = end - alarm.range * alarm.period, datetime.fromtimestamp(end, UTC)
        try:
            found = alarm.queries.evaluate(self._metrics, start, end)[alarm.queries.returned[0]]
        except QueryError as error:
            if alarm.state.value != INSUFFICIENT_DATA:
                self._alarms.judged(alarm, INSUFFICIENT_DATA, str(error), None, at)
            return
        settings = alarm.settings
        times = range(start, end, alarm.period)
        points = [found.get(time) for time in times]
        breaches, _ = COMPARISONS[settings["ComparisonOperator"]]
        verdict = judge(
            points,
            lambda value: breaches(value, settings["Threshold"]),
            evaluated=settings["EvaluationPeriods"],
            needed=settings.get("DatapointsToAlarm") or settings["EvaluationPeriods"],
            missing=settings.get("TreatMissingData", "missing"),
        )
        if verdict is not None and verdict.state != alarm.state.value:
            reason = threshold_reason(settings, times, points, verdict, alarm.state.value)
            data = threshold_data(settings, times, points, verdict, at)
            self._alarms.judged(alarm, verdict.state, reason, data, at)
