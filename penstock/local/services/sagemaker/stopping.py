"""Many instances, or fleets, that end at the same time."""

import threading
from collections.abc import Iterable
from typing import Protocol

STOP_SECONDS = 30  # what AWS gives a container between SIGTERM and SIGKILL


class _Stoppable(Protocol):
    def stop(self, grace_seconds: float) -> None: ...


def stopping(those: Iterable[_Stoppable], grace_seconds: float) -> list[threading.Thread]:
    """Begin to end them all; return the threads that do so."""
    threads = [threading.Thread(target=one.stop, args=(grace_seconds,)) for one in those]
    for thread in threads:
        thread.start()
    return threads


def stop_all(those: Iterable[_Stoppable], grace_seconds: float) -> None:
    """End them all."""
    for thread in stopping(those, grace_seconds):
        thread.join()
