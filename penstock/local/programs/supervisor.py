"""Runs one program, and ends it with everything that it started when the cloud asks for it, or is gone.

Usage: python -I -S supervisor.py FILE_BYTES PROGRAM [ARGUMENT]…

FILE_BYTES is the size of the largest file that the program may write; 0 is no limit.

    cloud ──pipe──> outer guard ──pipe──> inner guard ──> the program ──> whatever the program starts

The pipe from the cloud is the outer guard's standard input. A line on it is an order to stop: the seconds that the
program has between SIGTERM and SIGKILL. Its end without an order means that the cloud is gone, however it went. Each
guard ends everything when the other one dies, so that no single SIGKILL leaves a process behind. On Linux both adopt
orphans, so that a daemon that left the program's session is found too; elsewhere the process group is what is found.

The exit code is the program's own, or as in Docker: 128 + the signal that ended it, 127 not found, 126 not executable.
It is a file of its own, without imports from Penstock, because every program waits for it to start.
"""

import contextlib
import ctypes
import errno
import os
import select
import signal
import sys
import time
from collections.abc import Iterator

_GRACE_SECONDS = 1.0  # after the cloud is gone there is nobody left to wait for
_KILL_ROUNDS, _KILL_PAUSE = 500, 0.01  # SIGKILL takes effect at once, but for a process that waits for a disk
_SET_PARENT_DEATH_SIGNAL, _SET_CHILD_SUBREAPER = 1, 36  # <linux/prctl.h>


def main(file_bytes: int, program: list[str]) -> int:
    """Guard `program`, from the outside, and return its exit code."""
    _prctl(_SET_CHILD_SUBREAPER, 1)
    woken = _wake_on_child()
    lifeline, hold = os.pipe()
    inner = os.fork()
    if inner == 0:
        os.close(hold)
        os._exit(_guard(file_bytes, program, lifeline))
    os.close(lifeline)
    code = _obey(inner, woken)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(inner, signal.SIGKILL)
    _kill_descendants()
    return code


def _obey(inner: int, woken: int) -> int:
    """Wait for the inner guard to end, passing the cloud's orders on."""
    orders, deadline = [sys.stdin.fileno()], float("inf")
    while (code := _reap(inner)) is None:
        left = deadline - time.monotonic()
        if left <= 0:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(inner, signal.SIGKILL)
        ready = _wait([*orders, woken], left if 0 < left < float("inf") else None)
        if orders and orders[0] in ready:
            order = os.read(orders[0], 1024)
            deadline = min(deadline, time.monotonic() + min(map(float, order.split()), default=_GRACE_SECONDS))
            _terminate(inner)
            if not order:
                orders.clear()
    return code


def _guard(file_bytes: int, program: list[str], lifeline: int) -> int:
    """Start the program in a session of its own and wait for it, and for the outer guard's death."""
    os.setsid()
    _prctl(_SET_CHILD_SUBREAPER, 1)
    woken = _wake_on_child()
    child = os.fork()
    if child == 0:
        _execute(file_bytes, program)
    signal.signal(signal.SIGTERM, lambda *_: _terminate(child))
    while (code := _reap(child)) is None:
        if lifeline in _wait([lifeline, woken], None):
            _kill_descendants()
            os.killpg(0, signal.SIGKILL)
    return code


def _execute(file_bytes: int, program: list[str]) -> None:
    """Become the program; never returns."""
    if file_bytes:
        import resource  # noqa: PLC0415  every program waits for what is imported here

        resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    _prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    for ignored_by_python in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored_by_python, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    try:
        os.execvp(program[0], program)  # noqa: S606  a shell is what the guard is not
    except OSError as error:
        os.write(sys.stderr.fileno(), f"{program[0]}: {error.strerror}\n".encode())
        os._exit(127 if error.errno in {errno.ENOENT, errno.ENOTDIR} else 126)


def _terminate(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
        os.kill(process, signal.SIGTERM)


def _reap(child: int) -> int | None:
    """Collect every process that has ended; return the exit code of `child` if it is one of them."""
    code = None
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[0] == child:
                code = os.waitstatus_to_exitcode(ended[1])
    return code if code is None or code >= 0 else 128 - code


def _kill_descendants() -> None:
    for _ in range(_KILL_ROUNDS):
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        for process in _descendants(os.getpid()):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        time.sleep(_KILL_PAUSE)


def _descendants(ancestor: int) -> Iterator[int]:
    """Yield the processes below `ancestor`; where there is no /proc, none."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc") if os.path.isdir("/proc") else []:  # noqa: PTH112, PTH208  pathlib takes 10 ms to import
        if name.isdecimal():
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as stat:  # noqa: PTH123
                parent = int(stat.read().rpartition(b")")[2].split()[1])  # pid (name) state parent …
                children.setdefault(parent, []).append(int(name))
    found = [*children.get(ancestor, [])]
    while found:
        process = found.pop()
        found += children.get(process, [])
        yield process


def _wake_on_child() -> int:
    """Return a descriptor that becomes readable when a child ends."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    return woken


def _wait(descriptors: list[int], seconds: float | None) -> list[int]:
    """Wait until one is readable; the last one is the wake-up pipe, which is emptied."""
    ready = select.select(descriptors, [], [], seconds)[0]
    if descriptors[-1] in ready:
        os.read(descriptors[-1], 1024)
    return ready


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    os._exit(main(int(sys.argv[1]), sys.argv[2:]))  # tidying an interpreter up takes longer than all of the above
