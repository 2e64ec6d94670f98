"""The clock of rules: those with a schedule run by themselves."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from penstock.local.clock import Clock
from penstock.local.services.events.rules import Rule, Rules
from penstock.local.services.events.schedules import schedule

_LOG = logging.getLogger(__name__)
# How soon a new rule is seen, in seconds of the machine.
_LOOK_SECONDS = 0.25
_BUS = "default"  # others have no schedules


@dataclass(frozen=True)
class _Due:
    """When a rule runs next; another expression, or a pause, begins anew."""

    expression: str
    time: datetime | None


class Scheduler:
    """Runs rules when they are due, in the time of the cloud: it may pass faster."""

    def __init__(self, *, rules: Rules, clock: Clock, run: Callable[[Rule, datetime], None]) -> None:
        self._rules = rules
        self._clock = clock
        self._run = run
        self._due: dict[str, _Due] = {}
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="eventbridge schedules", daemon=True)

    def start(self) -> None:
        """Begin, now that the rules are what they were."""
        self._thread.start()

    def close(self) -> None:
        """Run nothing any more."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._closed.wait(self._pause()):
            try:
                self._look()
            except Exception:
                _LOG.exception("EventBridge: schedules")

    def _pause(self) -> float:
        times = [due.time for due in self._due.values() if due.time is not None]
        if not times:
            return _LOOK_SECONDS
        seconds = self._clock.real((min(times) - self._clock.now()).total_seconds())
        return min(max(seconds, 0), _LOOK_SECONDS)

    def _look(self) -> None:
        now = self._clock.now()
        scheduled = {rule.arn: rule for rule in self._rules[_BUS] if rule.enabled and rule.schedule}
        self._due = {arn: due for arn, due in self._due.items() if arn in scheduled}
        for arn, rule in scheduled.items():
            expression = rule.schedule or ""
            due = self._due.get(arn)
            if due is None or due.expression != expression:
                due = _Due(expression, schedule(expression).after(now))
            while due.time is not None and due.time <= now and not self._closed.is_set():
                self._run(rule, due.time)
                due = _Due(expression, schedule(expression).after(due.time))
            self._due[arn] = due
