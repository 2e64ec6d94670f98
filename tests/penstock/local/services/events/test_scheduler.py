"""Rules that run by themselves; a minute of the cloud takes a second here."""

import itertools
import json
import threading
import time
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import MagicMock

import pytest

from penstock.local.clock import Clock
from penstock.local.services.events.scheduler import Scheduler


@pytest.fixture
def scheduled(messaging: Any, name: str) -> Any:
    """A queue that a rule of the test's name sends to."""
    url, arn = messaging.queue(name, allow="events.amazonaws.com")
    client = messaging.client("events")

    def put(expression: str, **more: Any) -> str:
        rule = client.put_rule(Name=name, ScheduleExpression=expression, **more)["RuleArn"]
        client.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])
        return str(rule)

    yield url, put
    client.remove_targets(Rule=name, Ids=["1"])
    client.delete_rule(Name=name)


def test_a_rate_runs_again_and_again(messaging: Any, scheduled: Any, name: str) -> None:
    url, put = scheduled
    rule = put("rate(1 minute)")
    first, second = (json.loads(message["Body"]) for message in messaging.received(url, 2))
    assert (first["source"], first["detail-type"], first["resources"]) == ("aws.events", "Scheduled Event", [rule])
    assert first["detail"] == {}
    assert first["time"] < second["time"]
    assert messaging.metrics.count("TriggeredRules", RuleName=name) >= 2


def test_cron_runs_at_full_minutes(messaging: Any, scheduled: Any) -> None:
    url, put = scheduled
    put("cron(* * * * ? *)")
    [message] = messaging.received(url)
    assert json.loads(message["Body"])["time"].endswith(":00Z")


def test_a_disabled_schedule_does_not_run(messaging: Any, scheduled: Any, name: str) -> None:
    url, put = scheduled
    put("rate(1 minute)", State="DISABLED")
    time.sleep(1.5)
    assert messaging.empty(url)
    messaging.client("events").enable_rule(Name=name)
    messaging.received(url)


def test_another_expression_begins_anew(messaging: Any, scheduled: Any) -> None:
    url, put = scheduled
    put("rate(1 day)")
    time.sleep(0.3)
    put("rate(1 minute)")
    messaging.received(url)


def test_what_was_due_several_times_runs_once_for_the_last_of_them() -> None:
    """A minute of this cloud takes less than a millisecond: many of them pass between two looks."""
    runs: list[datetime] = []
    enough = threading.Event()

    def run(_rule: Any, due: datetime) -> None:
        runs.append(due)
        if len(runs) == 4:
            enough.set()

    rule = MagicMock(arn="arn:rule", enabled=True, schedule="rate(1 minute)")
    scheduler = Scheduler(rules=MagicMock(__getitem__=lambda *_: [rule]), clock=Clock(100_000), run=run)
    scheduler.start()
    assert enough.wait(30)
    scheduler.close()
    gaps = [later - earlier for earlier, later in itertools.pairwise(runs)]
    assert all(gap > timedelta(minutes=10) and not gap % timedelta(minutes=1) for gap in gaps)
