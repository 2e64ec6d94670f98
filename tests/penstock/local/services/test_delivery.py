"""Deliveries: in order, tried again, and at an end when the cloud closes."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, NoCredentialsError

from penstock.local.clock import Clock
from penstock.local.services.delivery import AbandonedError, Failure, Lanes, Retries, deliver

NOW = Clock(1000)


def refused(code: str, status: int) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": "m"}, "ResponseMetadata": {"HTTPStatusCode": status}},
        "Operation",
    )


class Target:
    """Takes something after so many failures."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.calls = [*errors], 0

    def __call__(self) -> None:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)


def send(target: Callable[[], None], most: int = 9, **more: float) -> Failure | None:
    retries = Retries(most=most, delay=lambda _: 1.0, **more)
    return deliver(target, retries, since=datetime.now(UTC), clock=NOW, closing=threading.Event())


@pytest.mark.parametrize(
    "error",
    [
        refused("ThrottlingException", 400),
        refused("RequestThrottled", 403),
        refused("TooManyRequestsException", 429),
        refused("InternalFailure", 500),
        ConnectionClosedError(endpoint_url="http://localhost"),
    ],
)
def test_what_may_pass_is_tried_again(error: Exception) -> None:
    target = Target(error, error)
    assert send(target) is None
    assert target.calls == 3


@pytest.mark.parametrize("error", [refused("AccessDenied", 403), refused("NotFound", 404), NoCredentialsError()])
def test_what_does_not_pass_is_given_up_at_once(error: Exception) -> None:
    failure = send(Target(error))
    assert failure is not None
    assert (failure.error, failure.retries, failure.condition) == (error, 0, "")


def test_retries_have_a_limit() -> None:
    failure = send(Target(*[refused("InternalFailure", 500)] * 9), most=2)
    assert failure is not None
    assert (failure.code, failure.retries, failure.condition) == ("InternalFailure", 2, "MaximumRetryAttempts")


def test_age_has_a_limit() -> None:
    failure = send(Target(*[refused("InternalFailure", 500)] * 9), most_seconds=0.5)
    assert failure is not None
    assert failure.condition == "MaximumEventAgeInSeconds"


def test_nothing_is_tried_again_when_the_cloud_closes() -> None:
    closing, target = threading.Event(), Target(refused("InternalFailure", 500))
    closing.set()
    retries = Retries(most=9, delay=lambda _: 60_000.0)
    with pytest.raises(AbandonedError):
        deliver(target, retries, since=datetime.now(UTC), clock=NOW, closing=closing)
    assert target.calls == 1


def test_a_lane_keeps_its_order() -> None:
    lanes, done = Lanes("test"), list[int]()
    for number in range(100):
        lanes.put("lane", lambda number=number: done.append(number))  # type: ignore[misc]
    lanes.close()
    assert done == [*range(100)]


def test_a_slow_lane_does_not_hold_up_another() -> None:
    lanes, gate, done = Lanes("test"), threading.Event(), threading.Event()
    lanes.put("slow", gate.wait)
    lanes.put("quick", done.set)
    assert done.wait(5)
    gate.set()
    lanes.close()


def test_an_error_does_not_end_a_lane(caplog: pytest.LogCaptureFixture) -> None:
    lanes, done = Lanes("test"), threading.Event()
    lanes.put("lane", Target(ValueError("broken")))
    lanes.put("lane", Target(AbandonedError("abandoned")))
    lanes.put("lane", done.set)
    lanes.close()
    assert done.is_set()
    assert "broken" in caplog.text
    assert "not tried again, as the cloud closes: abandoned" in caplog.text


def test_after_the_end_nothing_is_done() -> None:
    lanes, done = Lanes("test"), threading.Event()
    lanes.close()
    lanes.put("lane", done.set)
    time.sleep(0.02)
    assert not done.is_set()


def test_what_takes_too_long_at_the_end_is_dropped() -> None:
    lanes, gate, done = Lanes("test"), threading.Event(), threading.Event()
    lanes.put("lane", gate.wait)
    lanes.put("lane", done.set)
    lanes.close(seconds=0.05)
    gate.set()
    time.sleep(0.02)
    assert not done.is_set()
