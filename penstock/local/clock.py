"""The time of the cloud, which may pass faster than that of the machine."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from penstock.errors import CloudError

FASTEST = 100_000.0


def iso(moment: datetime) -> str:
    """Return a time as AWS writes it in JSON: 2026-11-20T09:30:00.000Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Clock:
    """`speed` seconds of the cloud pass in one of the machine, from 1 to 100,000.

    What AWS lets pass is sped up: waits of a state machine, intervals between retries, time-outs of tasks that wait for
    somebody's answer, schedules, bakes, the periods of metrics and alarms. What guards real work is not: time-outs of
    other tasks, heartbeats, jobs, functions and requests.

    Raises:
        CloudError: the speed is out of range.
    """

    def __init__(self, speed: float = 1.0) -> None:
        if not 1 <= speed <= FASTEST:  # which no NaN is
            raise CloudError(f"A speed of {speed:g} cannot be had: choose one from 1 to {FASTEST:,.0f}.")
        self.speed = speed
        self._began = datetime.now(UTC)
        self._start = time.monotonic()
        self._standing: datetime | None = None

    def now(self) -> datetime:
        """Return the time in the cloud."""
        return self._standing or self._began + timedelta(seconds=(time.monotonic() - self._start) * self.speed)

    def resume(self, moment: datetime) -> None:
        """Go on from a moment, if it is still to come: a cloud that was fast is ahead when it comes back."""
        self._began += max(moment - self.now(), timedelta())

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Stand still at a moment of the past, for what was done then and is done again."""
        self._standing = moment
        try:
            yield
        finally:
            self._standing = None

    def real(self, seconds: float) -> float:
        """Return how many seconds of the machine so many seconds of the cloud are."""
        return seconds / self.speed

    def wait(self, seconds: float, until: threading.Event) -> bool:
        """Wait so many seconds of the cloud, or until an event is set; return whether it is."""
        return until.wait(self.real(seconds))
