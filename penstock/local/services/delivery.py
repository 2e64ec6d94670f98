"""How one service delivers to another: in order, each target on its own, and tried again while that can help."""

import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.call_errors import code_of, passing
from penstock.local.clock import Clock

_LOG = logging.getLogger(__name__)
_CLOSING_SECONDS = 10


class AbandonedError(Exception):
    """A delivery that is not tried again, because the cloud closes."""


@dataclass(frozen=True)
class Failure:
    """A delivery that was given up; `condition` is the limit that was reached, and empty if trying again is no use."""

    error: Exception
    retries: int
    condition: str = ""

    @property
    def code(self) -> str:
        """AWS's code of the error."""
        return code_of(self.error)


@dataclass(frozen=True)
class Retries:
    """How often a delivery is tried again, how long after each failure, and until which age."""

    most: int
    delay: Callable[[int], float]
    most_seconds: float = float("inf")


def deliver(
    send: Callable[[], object], retries: Retries, *, since: datetime, clock: Clock, closing: threading.Event
) -> Failure | None:
    """Send until it succeeds, or return why it did not.

    Raises:
        AbandonedError: `closing` was set meanwhile.
    """
    for attempt in itertools.count():
        try:
            send()
        except (ClientError, BotoCoreError) as error:
            delay = retries.delay(attempt)
            if not passing(error):
                return Failure(error, attempt)
            if attempt >= retries.most:
                return Failure(error, attempt, "MaximumRetryAttempts")
            if (clock.now() - since).total_seconds() + delay > retries.most_seconds:
                return Failure(error, attempt, "MaximumEventAgeInSeconds")
            if clock.wait(delay, closing):
                raise AbandonedError(str(error)) from error
        else:
            break
    return None


class Lanes:
    """Work in lanes: in each lane in order, and no lane waits for another. A lane has a thread while it has work."""

    def __init__(self, name: str) -> None:
        self.closing = threading.Event()
        self._name = name
        self._changed = threading.Condition()
        self._waiting: dict[Hashable, deque[Callable[[], object]]] = {}
        self._closed = False

    def put(self, lane: Hashable, work: Callable[[], object]) -> None:
        """Do something soon; after `close` it is dropped."""
        with self._changed:
            if self.closing.is_set():
                return
            if lane in self._waiting:
                self._waiting[lane].append(work)
                return
            self._waiting[lane] = deque([work])
        threading.Thread(target=self._drain, args=(lane,), name=f"{self._name} {lane}", daemon=True).start()

    def close(self, seconds: float = _CLOSING_SECONDS) -> None:
        """Take nothing in any more, do what is waiting, and end; what takes longer is dropped."""
        self.closing.set()
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting, seconds)
            self._closed = True

    def _drain(self, lane: Hashable) -> None:
        while (work := self._next(lane)) is not None:
            try:
                work()
            except AbandonedError as error:
                _LOG.warning("%s %s: not tried again, as the cloud closes: %s", self._name, lane, error)
            except Exception:
                _LOG.exception("%s %s: a delivery failed", self._name, lane)

    def _next(self, lane: Hashable) -> Callable[[], object] | None:
        with self._changed:
            if self._waiting[lane] and not self._closed:
                return self._waiting[lane].popleft()
            del self._waiting[lane]
            self._changed.notify_all()
            return None
