"""What an alarm is."""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Self

from penstock.local.service import JsonObject
from penstock.local.services.cloudwatch import rules
from penstock.local.services.cloudwatch.judgement import EXTRA, INSUFFICIENT_DATA
from penstock.local.services.cloudwatch.queries import Queries
from penstock.local.services.cloudwatch.reasons import CREATED

METRIC, COMPOSITE = "MetricAlarm", "CompositeAlarm"
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_ACTIONS = {"OK": "OKActions", "ALARM": "AlarmActions", INSUFFICIENT_DATA: "InsufficientDataActions"}


@dataclass(frozen=True)
class State:
    """The state of an alarm, and why it is that; `data` is the reason as JSON."""

    value: str
    reason: str
    data: str | None
    updated: datetime
    transitioned: datetime

    @classmethod
    def first(cls, at: datetime) -> Self:
        """Return the state of a new alarm."""
        return cls(INSUFFICIENT_DATA, CREATED, None, at, at)


@dataclass(frozen=True)
class Alarm:
    """A metric or a composite alarm at one time; `settings` are those of PutMetricAlarm or PutCompositeAlarm."""

    kind: str
    name: str
    arn: str
    settings: JsonObject
    configured: datetime
    state: State
    tags: dict[str, str] = field(default_factory=dict)

    @cached_property
    def queries(self) -> Queries:
        """What a metric alarm asks for."""
        if "Metrics" in self.settings:
            return Queries(self.settings["Metrics"])
        named = ("Namespace", "MetricName", "Dimensions")
        settings = self.settings
        stat = {
            "Metric": {key: settings[key] for key in named if key in settings},
            "Period": settings["Period"],
            "Stat": settings.get("Statistic") or settings["ExtendedStatistic"],
            **({"Unit": settings["Unit"]} if "Unit" in settings else {}),
        }
        return Queries([{"Id": "m1", "MetricStat": stat}])

    @property
    def period(self) -> int:
        """The period of a metric alarm's data points, in seconds."""
        return self.queries.period(self.queries.returned[0])

    @property
    def range(self) -> int:
        """How many data points are looked at."""
        return int(self.settings["EvaluationPeriods"]) + EXTRA

    @property
    def step(self) -> int:
        """How often a metric alarm is evaluated, in seconds."""
        if self.period < _MINUTE:
            return 10
        return _HOUR if self.period * self.settings["EvaluationPeriods"] > _DAY else _MINUTE

    @cached_property
    def rule(self) -> rules.Rule:
        """What a composite alarm goes by."""
        return rules.parse(self.settings["AlarmRule"])

    @property
    def actions(self) -> list[str]:
        """The ARNs of what is to happen on entering the present state."""
        actions: list[str] = self.settings[_ACTIONS[self.state.value]] if self.settings["ActionsEnabled"] else []
        return actions

    def with_state(self, value: str, reason: str, data: str | None, at: datetime) -> "Alarm":
        """Return the alarm in a state."""
        changed = value != self.state.value
        state = State(value, reason, data, at, at if changed else self.state.transitioned)
        return replace(self, state=state)

    def described(self) -> JsonObject:
        """Return what DescribeAlarms says."""
        state = self.state
        return {
            "AlarmName": self.name,
            "AlarmArn": self.arn,
            **self.settings,
            "AlarmConfigurationUpdatedTimestamp": self.configured,
            "StateValue": state.value,
            "StateReason": state.reason,
            **({"StateReasonData": state.data} if state.data else {}),
            "StateUpdatedTimestamp": state.updated,
            "StateTransitionedTimestamp": state.transitioned,
        }

    def record(self) -> JsonObject:
        """Return what a store can keep."""
        return asdict(self)

    @classmethod
    def of_record(cls, record: JsonObject) -> Self:
        """Return the alarm of a record."""
        return cls(**{**record, "state": State(**record["state"])})
