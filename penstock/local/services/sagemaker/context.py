"""What the parts of the service share."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from penstock.local.clients import Clients
from penstock.local.programs.images import Programs
from penstock.local.services.sagemaker.tags import Tags

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
    startup_seconds: float
    lock: threading.RLock = field(default_factory=threading.RLock)
    tags: Tags = field(default_factory=Tags)
    threads: Threads = field(default_factory=Threads)

    @property
    def partition(self) -> str:
        """The part of AWS that the region belongs to: aws, aws-cn, aws-us-gov."""
        return str(self.clients.operator("iam").meta.partition)

    def arn(self, kind: str, name: str) -> str:
        """Return the ARN of a resource; SageMaker writes the names in them in lower case."""
        return f"arn:{self.partition}:sagemaker:{self.clients.region}:{self.clients.account}:{kind}/{name.lower()}"
