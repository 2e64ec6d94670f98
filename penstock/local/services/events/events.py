"""Amazon EventBridge delivers: events reach the targets of the rules that they match."""

import logging
import threading
import uuid
from datetime import datetime

from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.service import JsonObject
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.events.deliveries import Deliveries
from penstock.local.services.events.rules import Rule, Rules
from penstock.local.services.events.scheduler import Scheduler

_LOG = logging.getLogger(__name__)


class Events:
    """The event buses: those of clients, and the default one, which AWS's own services send to."""

    def __init__(self, *, clients: Clients, clock: Clock, metrics: Metrics) -> None:
        self._clients = clients
        self._clock = clock
        self._metrics = metrics
        self._rules = Rules(clients)
        self._deliveries = Deliveries(clients=clients, clock=clock, metrics=metrics)
        self._lock = threading.Lock()  # keeps the order of events
        self._scheduler = Scheduler(rules=self._rules, clock=clock, run=self._run)

    def start(self) -> None:
        """Let schedules run."""
        self._scheduler.start()

    def publish(self, event: JsonObject, *, bus: str = "default") -> str:
        """Send an event and return its id: source, detail-type, detail and resources; the rest is filled in."""
        envelope = self._envelope() | event
        with self._lock:
            try:
                matching = [rule for rule in self._rules[bus] if rule.matches(envelope)]
            except KeyError:
                # AWS takes such an event, too, and says nothing.
                _LOG.warning("EventBridge: there is no event bus %s; an event of %s is lost", bus, event["source"])
                matching = []
            for rule in matching:
                self._metrics.add("AWS/Events", "MatchedEvents", 1, "Count", rule.dimensions)
                self._deliveries.start(rule, envelope)
        return str(envelope["id"])

    def close(self) -> None:
        """Deliver what was published, and no more."""
        self._scheduler.close()
        self._deliveries.close()

    def _run(self, rule: Rule, due: datetime) -> None:
        scheduled = {"detail-type": "Scheduled Event", "source": "aws.events", "resources": [rule.arn], "detail": {}}
        self._deliveries.start(rule, self._envelope() | {"time": timestamp(due)} | scheduled)

    def _envelope(self) -> JsonObject:
        return {
            "version": "0",
            "id": str(uuid.uuid4()),
            "account": self._clients.account,
            "time": timestamp(self._clock.now()),
            "region": self._clients.region,
        }


def timestamp(moment: datetime) -> str:
    """Return a time as events have it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
