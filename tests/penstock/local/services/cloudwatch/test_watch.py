"""When alarms are evaluated, in a cloud whose clock the tests move."""

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from penstock.local.clock import Clock
from penstock.local.services.cloudwatch.alarm import COMPOSITE, METRIC, Alarm, State
from penstock.local.services.cloudwatch.alarms import Alarms
from penstock.local.services.cloudwatch.history import History
from penstock.local.services.cloudwatch.metrics import Metric, Metrics
from penstock.local.services.cloudwatch.samples import Samples
from penstock.local.services.cloudwatch.watch import Watch
from penstock.local.store import Store

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SETTINGS = {
    "Namespace": "N",
    "MetricName": "m",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 0,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
    "ActionsEnabled": True,
    "AlarmActions": [],
    "OKActions": [],
    "InsufficientDataActions": [],
}


class Moving:
    """Alarms that nobody looks at but the tests."""

    def __init__(self) -> None:
        self.clock, self.store = Clock(), Store()
        self.metrics = Metrics(clock=self.clock, store=self.store)
        self.moved: list[tuple[str, str, datetime]] = []
        self.alarms = Alarms(store=self.store, history=History(self.store), clock=self.clock, moved=self._note)
        self.watch = Watch(alarms=self.alarms, metrics=self.metrics, clock=self.clock, store=self.store)

    def _note(self, alarm: Alarm, former: State) -> None:
        self.moved.append((former.value, alarm.state.value, alarm.state.updated))

    def put(self, **settings: Any) -> None:
        with self.clock.at(NOON):
            self.alarms.put(METRIC, "a", "arn:a", {**SETTINGS, **settings}, {})

    def measure(self, minute: float) -> None:
        at = int((NOON + timedelta(minutes=minute)).timestamp())
        self.metrics.put(Metric("N", "m"), "Count", at - at % 60, Samples(1, 1, 1, 1, 0, {1: 1}))

    def look(self, minute: float) -> None:
        self.watch.look(int((NOON + timedelta(minutes=minute)).timestamp()))

    def states(self) -> list[tuple[str, float]]:
        return [(state, (at - NOON) / timedelta(minutes=1)) for _, state, at in self.moved]


@pytest.fixture
def moving() -> Moving:
    return Moving()


def test_a_minute_counts_when_it_is_over(moving: Moving) -> None:
    moving.put()
    moving.look(0)
    moving.measure(0.2)
    moving.look(0.9)
    assert moving.states() == [("OK", 0)]
    moving.look(1.01)
    assert moving.states() == [("OK", 0), ("ALARM", 1)]


def test_minutes_between_two_looks_are_made_up_for(moving: Moving) -> None:
    moving.put()
    moving.look(0)
    moving.measure(3)
    moving.measure(50)
    moving.look(600)
    assert moving.states() == [("OK", 0), ("ALARM", 4), ("OK", 7), ("ALARM", 51), ("OK", 54)]


def test_an_alarm_goes_out_when_its_data_have_passed_also_between_two_looks(moving: Moving) -> None:
    moving.put()
    moving.look(0)
    moving.measure(3)
    moving.look(5)
    moving.look(600)
    assert moving.states() == [("OK", 0), ("ALARM", 4), ("OK", 7)]


def test_a_period_of_five_minutes_ends_with_every_minute(moving: Moving) -> None:
    moving.put(Period=300)
    moving.look(0)
    moving.measure(2)
    moving.look(2.5)
    moving.look(3)
    assert moving.states() == [("OK", 0), ("ALARM", 3)]


def test_where_nothing_happened_for_long_it_looks_once(moving: Moving, monkeypatch: pytest.MonkeyPatch) -> None:
    moving.put()
    moving.measure(1)
    moving.look(30)
    reads: list[int] = []
    read = moving.metrics.read
    monkeypatch.setattr(moving.metrics, "read", lambda *asked: reads.append(1) or read(*asked))  # type: ignore[func-returns-value]
    moving.look(10_000)
    assert len(reads) == 1


def test_an_alarm_that_is_changed_is_evaluated_again(moving: Moving) -> None:
    moving.put()
    moving.look(0)
    moving.measure(0)
    moving.look(1)
    with moving.clock.at(NOON + timedelta(minutes=1)):
        moving.alarms.put(METRIC, "a", "arn:a", {**SETTINGS, "Threshold": 5}, {})
    moving.look(1.5)
    assert [state for state, _ in moving.states()] == ["OK", "ALARM", "OK"]


def test_an_alarm_that_goes_while_it_is_looked_at_is_passed_over(
    moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    moving.put()
    monkeypatch.setattr(moving.alarms, "get", lambda _: None)
    moving.look(1)
    assert moving.moved == []


def test_a_judgement_of_an_alarm_that_has_changed_since_does_not_count(moving: Moving) -> None:
    moving.put()
    [judged] = moving.alarms.all()
    moving.alarms.change("a", settings={"Threshold": 5})
    moving.alarms.judged(judged, "ALARM", "late", None, NOON)
    assert moving.moved == []


def test_a_composite_alarm_is_not_watched(moving: Moving) -> None:
    rule = {key: SETTINGS[key] for key in ("ActionsEnabled", "AlarmActions", "OKActions", "InsufficientDataActions")}
    moving.alarms.put(COMPOSITE, "c", "arn:c", {**rule, "AlarmRule": "FALSE"}, {})
    moving.look(1)
    assert [state for state, _ in moving.states()] == ["OK"]


def test_a_look_that_fails_is_logged_and_the_next_one_comes(
    moving: Moving, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, until: Any
) -> None:
    moving.clock.speed = 1_000
    looks: list[int] = []

    def fail(now: int) -> None:
        looks.append(now)
        raise ZeroDivisionError

    monkeypatch.setattr(moving.watch, "look", fail)
    with caplog.at_level(logging.ERROR):
        moving.watch.start()
        until(lambda: len(looks) > 1)
        moving.watch.close()
    assert "CloudWatch: alarms: a round failed" in caplog.text


def test_what_time_it_was_is_kept(moving: Moving) -> None:
    moving.watch.start()
    moving.watch.close()
    assert moving.store.all("clock")["now"]["time"] <= moving.clock.now()


def test_a_watch_that_never_began_ends(moving: Moving) -> None:
    moving.watch.close()
    assert moving.store.all("clock") == {}


def test_the_data_of_many_points_fits_into_an_answer(moving: Moving) -> None:
    moving.put(EvaluationPeriods=1_440, DatapointsToAlarm=1)
    for minute in range(100):
        moving.measure(minute)
    moving.look(100)
    [alarm] = moving.alarms.all()
    assert alarm.state.value == "ALARM"
    assert alarm.state.data is not None
    assert len(alarm.state.data) < 4_000
    assert len(json.loads(alarm.state.data)["evaluatedDatapoints"]) == 30
    assert len(alarm.state.reason) < 1_024
