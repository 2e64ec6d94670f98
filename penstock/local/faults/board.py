"""The faults that are planned, how much is left of each, and what became of them."""

import itertools
import json
import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from penstock.local.faults.fault import Fault
from penstock.local.service import JsonObject


@dataclass
class _Entry:
    """A fault, and what became of it."""

    number: int
    fault: Fault
    met: list[str] = field(default_factory=list)

    @property
    def left(self) -> bool:
        return self.fault.always or len(self.met) < self.fault.times

    def described(self) -> JsonObject:
        return {"id": self.number, "fault": self.fault.text, "met": [*self.met]}


class Board:
    """The planned faults, in their order; safe to use from several threads.

    Whatever happens is also written to `log`, a line of JSON each: the time, the fault, and where it happened.
    """

    def __init__(self, log: Path | None = None) -> None:
        self._log = log
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._entries: list[_Entry] = []

    def add(self, faults: Iterable[Fault]) -> list[int]:
        """Plan faults; return their numbers."""
        with self._lock:
            added = [_Entry(next(self._numbers), fault) for fault in faults]
            self._entries = [*self._entries, *added]
        return [entry.number for entry in added]

    def remove(self, numbers: Collection[int] | None = None) -> None:
        """Forget the faults of these numbers, or all."""
        with self._lock:
            kept = [] if numbers is None else [entry for entry in self._entries if entry.number not in numbers]
            self._entries = kept

    def described(self) -> list[JsonObject]:
        """Return each fault that was planned: its `id`, the `fault` as a line, and where it was `met`."""
        with self._lock:
            return [entry.described() for entry in self._entries]

    @property
    def empty(self) -> bool:
        """Is nothing planned?"""
        return not self._entries

    def waiting(self, *kinds: str) -> bool:
        """Is a fault of these kinds still to come?"""
        return any(entry.left and entry.fault.fault in kinds for entry in self._entries)

    def take(self, kinds: Collection[str], where: str, fits: Callable[[Fault], bool]) -> Fault | None:
        """Use up, once, the first fault of some kinds that fits, and write down where."""
        if not self._entries:
            return None
        with self._lock:
            for entry in self._entries:
                if entry.fault.fault in kinds and entry.left and fits(entry.fault):
                    entry.met.append(where)
                    self._write(entry.fault, where)
                    return entry.fault
        return None

    def _write(self, fault: Fault, where: str) -> None:
        if self._log is not None:
            line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "fault": fault.text, "where": where}
            with self._log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
