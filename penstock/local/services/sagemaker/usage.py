"""What the programs of a job or of an instance take from the machine, as CloudWatch has it for an instance.

https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
Where there is no /proc, there are no such metrics.
"""

import contextlib
import os
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from penstock.local.services.sagemaker.context import Context

_PERIOD_SECONDS = 60.0
_SHORTEST_SECONDS = 0.1  # to measure the use of a processor over
_PROC = Path("/proc")
_TICKS, _PAGE, _PAGES = (os.sysconf(name) for name in ("SC_CLK_TCK", "SC_PAGE_SIZE", "SC_PHYS_PAGES"))
_GIGABYTE = 1024**3


class Usage:
    """The utilization of one set of programs, published each minute of the cloud, and at the end.

    `folder` is what is on their disk, which has `disk_gb`.
    """

    def __init__(
        self,
        context: Context,
        *,
        namespace: str,
        dimensions: Mapping[str, str],
        folder: Path,
        disk_gb: float,
        look_seconds: float = 1.0,
    ) -> None:
        self._context = context
        self._namespace = namespace
        self._dimensions = dimensions
        self._folder = folder
        self._disk = disk_gb * _GIGABYTE
        self._look_seconds = min(look_seconds, context.clock.real(_PERIOD_SECONDS))
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._looked = float("-inf")
        self._before = self._cpu = 0.0  # seconds of a processor: at the beginning of the minute, and now
        self._memory = 0  # bytes, the most in the minute

    def look(self, processes: Iterable[int]) -> None:
        """Measure, if it is time to; called every now and then."""
        now = time.monotonic()
        with self._lock:
            # Often at first: most programs on a laptop end within a second.
            if now - self._looked < min(self._look_seconds, (now - self._began) / 2):
                return
            self._looked = now
            self._measure(processes)
            if now - self._began >= self._context.clock.real(_PERIOD_SECONDS):
                self._publish(now)

    def close(self, processes: Iterable[int] = ()) -> None:
        """Measure what runs still, and publish the last minute."""
        with self._lock:
            self._measure(processes)
            if self._memory:
                self._publish(time.monotonic())

    def _measure(self, processes: Iterable[int]) -> None:
        cpu, memory = _taken(processes)
        self._cpu = max(self._cpu, cpu)
        self._memory = max(self._memory, memory)

    def _publish(self, now: float) -> None:
        measured = {
            "CPUUtilization": (self._cpu - self._before) / max(now - self._began, _SHORTEST_SECONDS),
            "MemoryUtilization": self._memory / (_PAGE * _PAGES),
            "DiskUtilization": _size(self._folder) / self._disk,
        }
        for name, share in measured.items():
            self._context.metrics.add(self._namespace, name, 100 * share, "Percent", self._dimensions)
        self._began, self._before, self._memory = now, self._cpu, 0


def _taken(processes: Iterable[int]) -> tuple[float, int]:
    """Return the seconds of a processor and the bytes of memory that processes, and those below them, have taken."""
    parents: dict[int, int] = {}
    taken: dict[int, tuple[float, int]] = {}
    for stat in _PROC.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_bytes().rpartition(b")")[2].split()  # pid (name) state parent …
            process = int(stat.parent.name)
            parents[process] = int(fields[1])
            # Its own, and of its children that have ended: user and system.
            taken[process] = sum(map(int, fields[11:15])) / _TICKS, int(fields[21]) * _PAGE
    below = set(processes) & taken.keys()
    more = below
    while more:
        more = {process for process, parent in parents.items() if parent in more} - below
        below |= more
    return sum(taken[process][0] for process in below), sum(taken[process][1] for process in below)


def _size(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):  # what is removed meanwhile is passed over
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(parent) / name).stat().st_size
    return total
