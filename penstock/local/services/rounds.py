"""What a service does again and again, by itself."""

import logging
import threading
from collections.abc import Callable

_LOG = logging.getLogger(__name__)


class Rounds:
    """A thread that does something after each pause, from `start` on until it is closed.

    A round that goes wrong is written down, and the next one comes all the same.
    """

    def __init__(self, name: str, do: Callable[[], object], *, pause: Callable[[], float]) -> None:
        """Do nothing yet; `pause` gives the seconds of the machine until the next round."""
        self.closing = threading.Event()
        self._do = do
        self._pause = pause
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin, with a pause."""
        self._thread.start()

    def close(self) -> None:
        """Begin no round any more, and wait for the one that is under way."""
        self.closing.set()
        if self.started:
            self._thread.join()

    @property
    def started(self) -> bool:
        """Whether it has ever begun."""
        return self._thread.ident is not None

    def _run(self) -> None:
        while not self.closing.wait(self._pause()):
            try:
                self._do()
            except Exception:
                _LOG.exception("%s: a round failed", self._thread.name)
