"""The rules of event buses, which moto keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from moto.events.models import events_backends

from penstock.local.clients import Clients
from penstock.local.service import JsonObject
from penstock.local.services.events.patterns import Pattern


@dataclass(frozen=True)
class Rule:
    """A rule: which events it is for, and when it runs by itself."""

    name: str
    arn: str
    bus: str
    pattern: str | None
    schedule: str | None
    enabled: bool
    targets: Sequence[JsonObject]

    def matches(self, event: JsonObject) -> bool:
        """Tell whether the rule is for an event."""
        return self.enabled and self.pattern is not None and Pattern.parse(self.pattern).matches(event)

    @property
    def dimensions(self) -> dict[str, str]:
        """By what metrics name the rule."""
        return {"RuleName": self.name} if self.bus == "default" else {"EventBusName": self.bus, "RuleName": self.name}


class Rules:
    """The rules as they are now, read in this process: a look at them by an API call for each event would be slow."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def __getitem__(self, bus: str) -> list[Rule]:
        """Return the rules of a bus.

        Raises:
            KeyError: there is no such bus.
        """
        return [_rule(rule) for rule in [*self._buses()[bus].rules.values()]]

    def _buses(self) -> dict[str, Any]:
        buses: dict[str, Any] = events_backends[self._clients.account][self._clients.region].event_buses
        return buses


def _rule(rule: Any) -> Rule:
    return Rule(
        name=rule.name,
        arn=rule.arn,
        bus=rule.event_bus_name,
        pattern=rule.event_pattern.dump(),
        schedule=rule.scheduled_expression,
        enabled=rule.state != "DISABLED",
        targets=[*rule.targets],
    )
