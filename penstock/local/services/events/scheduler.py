"""The clock of rules: those with a schedule run by themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from penstock.local.clock import Clock
from penstock.local.services.events.rules import Rule, Rules
from penstock.local.services.events.schedules import schedule
from penstock.local.services.rounds import Rounds

# How soon a new rule is seen, and how often what is due is, in seconds of the machine.
_LOOK_SECONDS = 0.25
_LEAST_SECONDS = 0.05
_BUS = "default"  # others have no schedules


@dataclass(frozen=True)
class _Due:
    """When a rule runs next; another expression, or a pause, begins anew."""

    expression: str
    time: datetime | None


class Scheduler:
    """Runs rules when they are due, in the time of the cloud: it may pass faster.

    What has been due several times since the last look runs once, for the last of them: nobody could keep up with a
    time that passes fast enough.
    """

    def __init__(self, *, rules: Rules, clock: Clock, run: Callable[[Rule, datetime], None]) -> None:
        self._rules = rules
        self._clock = clock
        self._run = run
        self._due: dict[str, _Due] = {}
        self._rounds = Rounds("EventBridge: schedules", self._look, pause=self._pause)

    def start(self) -> None:
        """Begin, now that the rules are what they were."""
        self._rounds.start()

    def close(self) -> None:
        """Run nothing any more."""
        self._rounds.close()

    def _pause(self) -> float:
        times = [due.time for due in self._due.values() if due.time is not None]
        if not times:
            return _LOOK_SECONDS
        seconds = self._clock.real((min(times) - self._clock.now()).total_seconds())
        return min(max(seconds, _LEAST_SECONDS), _LOOK_SECONDS)

    def _look(self) -> None:
        now = self._clock.now()
        scheduled = {rule.arn: rule for rule in self._rules[_BUS] if rule.enabled and rule.schedule}
        self._due = {arn: due for arn, due in self._due.items() if arn in scheduled}
        for arn, rule in scheduled.items():
            expression = rule.schedule or ""
            due = self._due.get(arn)
            if due is None or due.expression != expression:
                due = _Due(expression, schedule(expression).after(now))
            last = None
            while due.time is not None and due.time <= now:
                last = due.time
                due = _Due(expression, schedule(expression).after(last))
            self._due[arn] = due
            if last is not None and not self._rounds.closing.is_set():
                self._run(rule, last)
