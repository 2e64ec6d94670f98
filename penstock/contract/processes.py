"""A program as the system sees it; where there is no /proc, nothing is seen."""

import contextlib
import os
import signal
import time
from pathlib import Path

from penstock.local.programs.process import Process

_PROC = Path("/proc")
_GUARDS = 2  # processes between us and the program
_SECONDS, _LOOK_SECONDS = 5.0, 0.005  # for the guards to start it


def program_id(process: Process) -> int | None:
    """Return the process id of the program, as soon as it runs; None where that cannot be seen, or if it has ended."""
    deadline = time.monotonic() + _SECONDS
    while _PROC.is_dir() and process.poll() is None and time.monotonic() < deadline:
        found: int | None = process.pid
        for _ in range(_GUARDS):
            found = _child(found) if found is not None else None
        if found is not None:
            return found
        time.sleep(_LOOK_SECONDS)
    return None


def catches_sigterm(program: int | None) -> bool:
    """Tell whether a program handles SIGTERM, or it cannot be seen.

    In its image the program is process 1, and Linux drops a signal that process 1 does not handle.
    """
    if program is None:
        return True
    with contextlib.suppress(OSError):
        for line in (_PROC / str(program) / "status").read_text().splitlines():
            if line.startswith("SigCgt:"):
                return bool(int(line.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
    return False


def kill(process: Process, program: int | None) -> None:
    """Send SIGKILL to a program, which then has no time for anything."""
    if program is None:
        process.stop(0)
        return
    with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
        os.kill(program, signal.SIGKILL)


def _child(parent: int) -> int | None:
    with contextlib.suppress(OSError):
        return next(map(int, (_PROC / f"{parent}/task/{parent}/children").read_text().split()), None)
    for stat in _PROC.glob("[0-9]*/stat"):  # a kernel without lists of children
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:  # pid (name) state parent …
                return int(stat.parent.name)
    return None
