"""Processes of functions that are to be killed at one of their calls."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from penstock.local.faults.found import HookFault
from penstock.local.service import Caller


@dataclass
class _Armed:
    left: int
    kill: Callable[[], None]


class Crashes:
    """The functions that are to crash, by the name of their session, which is the function's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: dict[str, _Armed] = {}

    @contextmanager
    def armed(self, function: str, fault: HookFault, kill: Callable[[], None]) -> Iterator[None]:
        """Call `kill` when the function has made as many calls as the fault says, or its seconds are over."""
        if fault.seconds is not None:
            timer = threading.Timer(fault.seconds, kill)
            timer.daemon = True
            timer.start()
            try:
                yield
            finally:
                timer.cancel()
            return
        with self._lock:
            self._armed[function] = _Armed(fault.call, kill)
        try:
            yield
        finally:
            with self._lock:
                self._armed.pop(function, None)

    def called(self, caller: Caller) -> bool:
        """Count a call; return whether its caller was killed for it."""
        if not self._armed or not caller.role:
            return False
        function = caller.arn.rpartition("/")[2]
        with self._lock:
            armed = self._armed.get(function)
            if armed is None:
                return False
            armed.left -= 1
            if armed.left:
                return False
            del self._armed[function]
        armed.kill()
        return True
