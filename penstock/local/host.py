"""The process that a cloud lives in: what it says about AWS, and where its errors go."""

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

_LOG = logging.getLogger(__name__)


class _File(logging.FileHandler):
    """A log on a disk that may be full: what could not be written comes later, or not at all."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the base class's name
        """Print nothing of that."""
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)


@contextlib.contextmanager
def errors_logged(path: Path) -> Iterator[None]:
    """Write what goes wrong inside the cloud to a file, and not over the lines of a run: also why a thread ended."""
    handler = _File(path, delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)
    former = threading.excepthook

    def ended(error: threading.ExceptHookArgs) -> None:
        name = error.thread.name if error.thread else "?"
        _LOG.error("the thread %r ended", name, exc_info=error.exc_value)
        if former is not threading.__excepthook__:  # which would print it
            former(error)

    threading.excepthook = ended
    try:
        yield
    finally:
        threading.excepthook = former
        logging.getLogger().removeHandler(handler)
        with contextlib.suppress(OSError):  # the disk is full
            handler.close()


def isolate() -> None:
    """Leave out what the user's shell says about AWS: moto makes clients of its own, which would read it."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        os.environ.pop(name, None)
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
