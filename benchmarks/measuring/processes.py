"""What a program and everything that it has started have used: processor time, and memory of their own."""

import os
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


def descendants(pid: int) -> list[int]:
    """Return the processes below one, without it."""
    children: dict[int, list[int]] = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))):
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    return list(_below(pid, children))


def cpu_seconds(pid: int) -> float:
    """Return the processor time, of user and system, that the processes below one and their ended ones have used."""
    used = [sum(map(int, fields[11:15])) for each in descendants(pid) if (fields := _stat(each))]
    return sum(used) / _TICKS


def memory_bytes(pid: int) -> int:
    """Return the memory of the processes below one: a page that several share is counted once (PSS)."""
    return sum(map(_pss, descendants(pid)))


def _below(pid: int, children: dict[int, list[int]]) -> Iterator[int]:
    for child in children.get(pid, []):
        yield child
        yield from _below(child, children)


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat after the command, whose name may hold anything; none if it has ended."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _pss(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
