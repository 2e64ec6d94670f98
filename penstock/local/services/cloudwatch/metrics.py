"""Metrics that the services of the cloud publish, and those of its clients."""

import json
import math
import threading
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from penstock.local.clock import Clock
from penstock.local.services.cloudwatch.samples import Samples, merged
from penstock.local.services.cloudwatch.series import Series
from penstock.local.store import Store

_KIND = "metric"
_MINUTE = 60
_MOST_METRICS = 10_000
_AT_ONCE = 1_000


class Metric(NamedTuple):
    """What was measured, of what: the dimensions are pairs of name and value, in the order of the names."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, namespace: str, name: str, dimensions: Mapping[str, str]) -> "Metric":
        """Name a metric."""
        return cls(namespace, name, tuple(sorted(dimensions.items())))


class Metrics:
    """Takes in measurements from many threads, and has them by the minute.

    `save` writes what is new to the store: a cloud that is killed loses what came after the last one.
    """

    def __init__(self, *, clock: Clock, store: Store) -> None:
        self._clock = clock
        self._store = store
        self._lock = threading.Lock()
        self._series: dict[Metric, dict[str, Series]] = {}
        self._changed: set[tuple[Metric, str, int]] = set()

    def add(self, namespace: str, name: str, value: float, unit: str, dimensions: Mapping[str, str]) -> None:
        """Take in one measurement, of now; what is no finite number is dropped, as CloudWatch does."""
        if not math.isfinite(value):
            return
        metric = Metric.of(namespace, name, dimensions)
        now = int(self._clock.now().timestamp())
        with self._lock:
            self._make(metric, unit, now - now % _MINUTE).add(value)

    def put(self, metric: Metric, unit: str, time: int, samples: Samples) -> None:
        """Take in samples of a time, in seconds since 1970."""
        with self._lock:
            self._make(metric, unit, time).merge(samples)

    def read(self, metric: Metric, start: int, end: int, period: int, unit: str | None = None) -> dict[int, Samples]:
        """Return the samples of each period from `start` on that has any, by the period's start."""
        found: dict[int, list[Samples]] = {}
        with self._lock:
            for known, series in self._series.get(metric, {}).items():
                if unit in {None, known}:
                    for time, samples in series.between(start, end):
                        found.setdefault(time - (time - start) % period, []).append(samples)
            # Copied, because the newest ones still grow.
            return {time: merged(parts) for time, parts in sorted(found.items())}

    def units(self, metric: Metric) -> list[str]:
        """Return the units in which a metric was measured."""
        with self._lock:
            return sorted(self._series.get(metric, {}))

    def newest(self, metric: Metric) -> int | None:
        """Return when the newest samples of a metric began, if it has any."""
        with self._lock:
            return max((series.newest for series in self._series.get(metric, {}).values()), default=None)

    def all(self) -> list[Metric]:
        """Return all metrics, sorted."""
        with self._lock:
            return sorted(self._series)

    def save(self) -> None:
        """Write what has changed since the last time."""
        with self._lock:
            changed, self._changed = self._changed, set()
            records = {key: self._record(*key) for key in changed}
        for (metric, unit, time), record in records.items():
            name = json.dumps([*metric, unit, time])
            if record is None:
                self._store.remove(_KIND, name)
            else:
                self._store.put(_KIND, name, record)

    def restore(self) -> None:
        """Take up what an earlier cloud saved."""
        with self._lock:
            for text, record in self._store.all(_KIND).items():
                namespace, name, dimensions, unit, time = json.loads(text)
                metric = Metric.of(namespace, name, dict(dimensions))
                self._series.setdefault(metric, {}).setdefault(unit, Series()).put(time, Samples.of_record(record))

    def _make(self, metric: Metric, unit: str, time: int) -> Samples:
        units = self._series.get(metric)
        if units is None:
            self._make_room()
            units = self._series[metric] = {}
        series = units.get(unit)
        if series is None:
            series = units[unit] = Series()
        key = (metric, unit, time)
        if key not in self._changed:
            self._changed.add(key)
            self._changed.update((metric, unit, other) for other in series.compact())
        return series.make(time)

    def _make_room(self) -> None:
        """Forget the metrics that have been silent for longest, if there are too many."""
        if len(self._series) < _MOST_METRICS:
            return
        for metric in sorted(self._series, key=lambda one: _newest(self._series[one].values()))[:_AT_ONCE]:
            for unit, series in self._series.pop(metric).items():
                self._changed.update((metric, unit, time) for time, _ in series.between(0, series.newest + 1))

    def _record(self, metric: Metric, unit: str, time: int) -> dict[str, object] | None:
        series = self._series.get(metric, {}).get(unit)
        samples = series.at(time) if series else None
        return samples.record() if samples else None


def _newest(series: Iterable[Series]) -> int:
    return max(one.newest for one in series)
