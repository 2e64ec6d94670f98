"""The end of a job that is stopped: SageMaker sends SIGTERM, and SIGKILL 120 seconds after it."""

import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import NoReturn

TERMINATED = 128 + signal.SIGTERM
# What a fit may take after SIGTERM to come to a place where it saves what it has.
PATIENCE_SECONDS = 60.0


class Stopped(Exception):  # noqa: N818 (nothing is wrong)
    """The job is being stopped, and what was to be kept is kept."""


class Stopping:
    """Watches for SIGTERM in a thread: the main one may be in a library's call for minutes, where Python is not asked.

    The process ends at once, but while it is `patient`: then it may end by itself before.
    """

    def __init__(self, last_words: Callable[[], None]) -> None:
        self.patient = False
        self._last_words = last_words
        self._asked = threading.Event()
        self._reader, self._writer = socket.socketpair()
        self._writer.settimeout(0)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, lambda _signal, _frame: None)
        threading.Thread(target=self._watch, daemon=True).start()

    def asked(self) -> bool:
        """Whether the job is to stop."""
        return self._asked.is_set()

    def end(self) -> NoReturn:
        """End the process, whatever its threads are doing."""
        self._last_words()
        os._exit(TERMINATED)

    def _watch(self) -> None:
        while self._reader.recv(1) != bytes([signal.SIGTERM]):
            pass
        self._asked.set()
        if self.patient:
            threading.Event().wait(PATIENCE_SECONDS)
        self.end()
