"""What of the cloud an execution uses."""

from collections.abc import Callable
from dataclasses import dataclass

from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.service import JsonObject
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.stepfunctions.delivery import Delivery
from penstock.local.services.stepfunctions.tokens import Tokens
from penstock.local.store import Store


@dataclass(frozen=True)
class Surroundings:
    """The services and helpers of one Step Functions; `publish` sends an event to EventBridge."""

    clients: Clients
    publish: Callable[[JsonObject], object]
    metrics: Metrics
    store: Store
    clock: Clock
    tokens: Tokens
    delivery: Delivery
