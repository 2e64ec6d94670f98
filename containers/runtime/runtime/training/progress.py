"""How far a fit has come: a line of the log for each tenth, and the place where a job that is stopped ends."""

import sys
from collections.abc import Callable

from runtime.training.stopping import Stopped

TENTHS = 10


class Progress:
    """Told how much is done; prints `metric progress=0.3;` as soon as it is 0.3."""

    def __init__(self, stopping: Callable[[], bool]) -> None:
        self._stopping = stopping
        self._told = 0

    def __call__(self, share: float) -> None:
        """Take note of the share that is done.

        Raises:
            Stopped: the job is being stopped; not to be caught by a container.
        """
        if self._stopping():
            raise Stopped
        if int(share * TENTHS) > self._told:
            self._told = int(share * TENTHS)
            sys.stdout.write(f"metric progress={self._told / TENTHS};\n")
            sys.stdout.flush()
