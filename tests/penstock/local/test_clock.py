import math
import threading
from datetime import UTC, datetime, timedelta

import pytest

from penstock.errors import CloudError
from penstock.local.clock import Clock


def test_time_passes_as_fast_as_it_is_told() -> None:
    clock = Clock(10_000)
    before = clock.now()
    assert not clock.wait(600, threading.Event())
    assert clock.now() - before >= timedelta(minutes=10)
    assert clock.real(600) == 0.06


def test_a_wait_ends_when_what_it_waits_for_is_there() -> None:
    there = threading.Event()
    there.set()
    assert Clock().wait(600, there)


@pytest.mark.parametrize("speed", [0.5, 0, -1, 100_001, math.nan, math.inf])
def test_a_speed_out_of_range_is_refused(speed: float) -> None:
    with pytest.raises(CloudError, match="choose one from 1 to 100,000"):
        Clock(speed)


def test_a_clock_that_comes_back_does_not_go_back() -> None:
    clock = Clock()
    ahead = clock.now() + timedelta(days=30)
    clock.resume(ahead)
    assert clock.now() >= ahead
    clock.resume(datetime(2020, 1, 1, tzinfo=UTC))
    assert clock.now() >= ahead


def test_for_a_while_it_stands_still() -> None:
    clock, then = Clock(), datetime(2020, 1, 1, tzinfo=UTC)
    with clock.at(then):
        assert clock.now() == then
    assert clock.now() > then
