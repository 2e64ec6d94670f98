"""A program in a session of its own, that ends with the cloud: whatever ends the cloud, SIGKILL included."""

import contextlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Self, cast

_SUPERVISOR = Path(__file__).with_name("supervisor.py")


class Process:
    """A program under a supervisor, which ends it and all its descendants; see supervisor.py.

    When the program ends, so does everything that it started, as in a container. Safe to use from several threads.
    """

    def __init__(self, supervisor: "subprocess.Popen[bytes]") -> None:
        self._supervisor = supervisor
        self._lifeline = cast("IO[bytes]", supervisor.stdin)

    @classmethod
    def start(cls, argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path, file_bytes: int = 0) -> Self:
        """Start a program.

        Args:
            argv: the program, looked up on env's PATH if it is no path, and its arguments.
            env: its whole environment; where that names no locale, Python adds LC_CTYPE=C.UTF-8.
            cwd: its working folder.
            log: the file that its standard output and error are added to; standard input is empty.
            file_bytes: the size of the largest file that it may write, its log included; 0 is no limit.
        """
        with log.open("ab") as output:
            # The lifeline's other end is close-on-exec, so that no program holds that of another one.
            return cls(
                subprocess.Popen(
                    [sys.executable, "-I", "-S", str(_SUPERVISOR), str(file_bytes), *argv],
                    env=dict(env),
                    cwd=cwd,
                    stdin=subprocess.PIPE,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    bufsize=0,
                    start_new_session=True,
                )
            )

    @property
    def pid(self) -> int:
        """The supervisor's process id; the program is below it."""
        return self._supervisor.pid

    def poll(self) -> int | None:
        """Return the exit code as Docker gives it (128 + n after signal n), or None while the program runs."""
        code = self._supervisor.poll()
        return None if code is None else self._ended(code)

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait at most `timeout` seconds for the program to end; return its exit code, or None if it runs on."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._ended(self._supervisor.wait(timeout))
        return None

    def stop(self, grace_seconds: float) -> int:
        """Send SIGTERM, and SIGKILL to all that is left when the grace is over; return the exit code.

        A second call with a shorter grace overtakes the first.
        """
        with contextlib.suppress(OSError, ValueError):  # it has ended by itself
            self._lifeline.write(f"{grace_seconds}\n".encode())
        return self._ended(self._supervisor.wait())

    def _ended(self, code: int) -> int:
        self._lifeline.close()
        return code if code >= 0 else 128 - code
