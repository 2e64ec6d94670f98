"""What was called: one line of JSON a call, in the cloud's work folder."""

import json
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """One call: when (UTC, ISO 8601), who, what, on which ARNs, how it ended (OK or the error's code), how long."""

    time: str
    caller: str
    service: str
    operation: str
    resources: Sequence[str]
    result: str
    milliseconds: float


class Record:
    """An append-only file of calls; each line is on disk before the next call is answered."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def add(self, entry: Entry) -> None:
        """Write one call."""
        line = json.dumps(asdict(entry)) + "\n"
        with self._lock:
            if not self._file.closed:
                self._file.write(line)

    def close(self) -> None:
        """Close the file; calls that end later are not recorded."""
        with self._lock:
            self._file.close()
