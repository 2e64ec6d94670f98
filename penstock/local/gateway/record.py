"""What was called: one line of JSON a call, in the cloud's work folder."""

import json
import logging
import os
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One call: when (UTC, ISO 8601), who, what, on which ARNs, how it ended (OK or the error's code), how long."""

    time: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))
    caller: str
    service: str
    operation: str
    resources: Sequence[str]
    result: str
    milliseconds: float


class Record:
    """An append-only file of calls; each line is on disk before the next call is answered.

    A call goes on where its line cannot be written, as the disk is full, say: the log of errors says so when that
    begins and, as that log may be on the same disk, when it ends.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        # Unbuffered: nothing of a line that could not be written may come later, in the middle of another one.
        self._file = path.open("ab", buffering=0)
        self._lacking = 0

    def add(self, entry: Entry) -> None:
        """Write one call."""
        line = json.dumps(asdict(entry)).encode() + b"\n"
        with self._lock:
            if not self._file.closed:
                self._write(line)

    def close(self) -> None:
        """Close the file; calls that end later are not recorded."""
        with self._lock:
            self._file.close()

    def _write(self, line: bytes) -> None:
        problem, size = "", os.fstat(self._file.fileno()).st_size
        try:
            if self._file.write(line) < len(line):
                problem = "there is no space for a whole line"
                self._file.truncate(size)
        except OSError as error:
            problem = str(error)
        if problem and not self._lacking:
            _LOG.warning("%s lacks calls, as it cannot be written: %s. Is the disk full?", self.path, problem)
        if self._lacking and not problem:
            _LOG.warning("%s can be written again, and lacks the %d calls before", self.path, self._lacking)
        self._lacking = self._lacking + 1 if problem else 0
