import math
import threading
from datetime import UTC, datetime

import pytest

from penstock.local.clock import Clock
from penstock.local.services.cloudwatch import metrics as module
from penstock.local.services.cloudwatch.metrics import Metric, Metrics
from penstock.local.services.cloudwatch.samples import Samples
from penstock.local.store import Store

_ALL = (0, 2**40, 2**40)
_FUNCTION = {"FunctionName": "f"}


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def metrics(store: Store, clock: Clock) -> Metrics:
    return Metrics(clock=clock, store=store)


def total(metrics: Metrics, metric: Metric) -> float:
    return sum(samples.sum for samples in metrics.read(metric, *_ALL).values())


def test_measurements_from_many_threads_are_all_there(metrics: Metrics) -> None:
    def add() -> None:
        for _ in range(500):
            metrics.add("AWS/Lambda", "Errors", 1, "Count", _FUNCTION)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total(metrics, Metric.of("AWS/Lambda", "Errors", _FUNCTION)) == 2_000


def test_a_measurement_counts_for_the_minute_of_the_cloud(metrics: Metrics, clock: Clock) -> None:
    with clock.at(datetime(2026, 1, 1, 12, 0, 59, tzinfo=UTC)):
        metrics.add("N", "m", 1, "Count", {})
    with clock.at(datetime(2026, 1, 1, 12, 1, tzinfo=UTC)):
        metrics.add("N", "m", 2, "Count", {})
    noon = int(datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp())
    found = metrics.read(Metric("N", "m"), noon, noon + 300, 60)
    assert {time - noon: samples.sum for time, samples in found.items()} == {0: 1, 60: 2}
    assert [time - noon for time in metrics.read(Metric("N", "m"), noon, noon + 300, 1)] == [0, 60]


def test_the_order_of_dimensions_does_not_matter(metrics: Metrics) -> None:
    metrics.add("N", "m", 1, "Count", {"a": "1", "b": "2"})
    metrics.add("N", "m", 1, "Count", {"b": "2", "a": "1"})
    assert metrics.all() == [Metric("N", "m", (("a", "1"), ("b", "2")))]


def test_what_is_no_number_is_dropped(metrics: Metrics) -> None:
    for value in (math.nan, math.inf):
        metrics.add("N", "m", value, "Count", {})
    assert metrics.all() == []


def test_units_are_kept_apart_and_read_together(metrics: Metrics) -> None:
    metrics.add("N", "m", 1, "Count", {})
    metrics.add("N", "m", 5, "Bytes", {})
    assert metrics.units(Metric("N", "m")) == ["Bytes", "Count"]
    assert total(metrics, Metric("N", "m")) == 6
    [samples] = metrics.read(Metric("N", "m"), *_ALL, "Bytes").values()
    assert samples.sum == 5


def test_what_was_saved_comes_back(metrics: Metrics, store: Store, clock: Clock) -> None:
    metrics.add("N", "m", 1.5, "Count", {"a": "1"})
    metrics.save()
    metrics.add("N", "m", 2.5, "Count", {"a": "1"})
    again = Metrics(clock=clock, store=store)
    again.restore()
    assert total(again, Metric.of("N", "m", {"a": "1"})) == 1.5
    metrics.save()
    again.restore()
    assert total(again, Metric.of("N", "m", {"a": "1"})) == 4


def test_minutes_that_were_brought_together_are_so_in_the_store_too(metrics: Metrics, store: Store) -> None:
    one = Samples()
    one.add(1.0)
    for number in range(2_882):
        metrics.put(Metric("N", "m"), "Count", number * 60, one)
        if number == 2_000:
            metrics.save()
    metrics.save()
    assert len(store.all("metric")) == 1_440 + 25 + 1


def test_with_too_many_metrics_those_go_that_were_silent_for_longest(
    metrics: Metrics, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_METRICS", 3)
    monkeypatch.setattr(module, "_AT_ONCE", 2)
    for number in range(4):
        metrics.put(Metric("N", f"m{number}"), "Count", number * 60, Samples(1, 1, 1, 1))
        metrics.save()
    assert [metric.name for metric in metrics.all()] == ["m2", "m3"]
    assert len(store.all("metric")) == 2
