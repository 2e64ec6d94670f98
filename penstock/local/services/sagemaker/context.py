"""What the parts of the service share."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from penstock.local.access import Access
from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.faults import Faults
from penstock.local.programs.images import Programs
from penstock.local.service import JsonObject
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.events import Events
from penstock.local.services.sagemaker.tags import Tags
from penstock.local.store import Store

PRINCIPAL = "sagemaker.amazonaws.com"
_SESSION = "SageMaker"
_JOIN_SECONDS = 10


class Threads:
    """The threads that carry out what a call only began."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def start(self, name: str, work: Callable[[], None]) -> None:
        """Run `work`, which handles its own errors, in the background."""
        thread = threading.Thread(target=work, name=name, daemon=True)
        with self._lock:
            self._threads = [*(running for running in self._threads if running.is_alive()), thread]
            thread.start()

    def join(self) -> None:
        """Wait for all of them to end."""
        with self._lock:
            threads = list(self._threads)
        for thread in threads:
            thread.join(_JOIN_SECONDS)


@dataclass(frozen=True)
class Context:
    """The cloud around the service, and its one lock: held for moments, never during a call or a wait."""

    clients: Clients
    programs: Programs
    work: Path
    access: Access
    faults: Faults
    metrics: Metrics
    events: Events
    store: Store
    clock: Clock
    startup_seconds: float
    tags: Tags
    lock: threading.RLock = field(default_factory=threading.RLock)
    threads: Threads = field(default_factory=Threads)

    def arn(self, kind: str, name: str) -> str:
        """Return the ARN of a resource; SageMaker writes the names in them in lower case."""
        return self.clients.arn("sagemaker", f"{kind}/{name.lower()}")

    def acting(self, role: str, service: str, source: str) -> Any:
        """Return a client with which SageMaker acts as a role, for what has the ARN `source`."""
        return self.clients.role(role, service, session=_SESSION, by=PRINCIPAL, source=source)

    def variables(self, role: str, source: str) -> dict[str, str]:
        """Return the environment variables of a program that acts as a role."""
        return self.clients.role_environment(role, session=_SESSION, by=PRINCIPAL, source=source)

    def require(self, role: str, action: str, resource: str, context: dict[str, str] | None = None) -> None:
        """Ask for what SageMaker does with a role, but not through a call of this cloud.

        Raises:
            AwsError: AccessDeniedException.
        """
        self.access.require(role, action, resource, by=PRINCIPAL, context=context)

    def publish(self, what: str, arn: str, described: JsonObject) -> None:
        """Send the event "SageMaker <what> State Change", with a resource as it is described."""
        detail = json.loads(json.dumps(described, default=_milliseconds)) | {"Tags": self.tags.of(arn)}
        self.events.publish(
            {
                "source": "aws.sagemaker",
                "detail-type": f"SageMaker {what} State Change",
                "resources": [arn],
                "detail": detail,
            }
        )


def _milliseconds(value: datetime) -> int:
    return round(value.timestamp() * 1000)
