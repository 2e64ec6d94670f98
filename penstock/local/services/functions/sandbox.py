"""A process in which a function runs: started once, and then called again and again."""

import contextlib
import json
import shutil
import signal
import socket
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from penstock.local.programs.process import Process
from penstock.local.service import JsonObject

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
_START_SECONDS = 10.0  # Lambda's own limit for everything before the first event
_LOOK_SECONDS = 0.1
_DYING_SECONDS = 5.0
_SIGNALLED = 128


@dataclass(frozen=True)
class Answer:
    """What came out of an invocation; a sandbox that is not `usable` is to be stopped."""

    payload: bytes
    failed: bool
    usable: bool
    seconds: float
    init_seconds: float | None  # of the first invocation: what it took to start the process


class Sandbox:
    """One process of a function; it serves one invocation at a time, from whichever thread."""

    def __init__(self, *, env: Mapping[str, str], code: Path, log: Path) -> None:
        self._started = time.monotonic()
        self._ready = False
        # A socket in a folder of its own, with a short name: the names of sockets have a hundred characters at most.
        folder = Path(tempfile.mkdtemp(prefix="penstock-"))
        try:
            with socket.socket(socket.AF_UNIX) as listening:
                listening.bind(str(folder / "s"))
                listening.listen(1)
                packages = sysconfig.get_path("purelib")
                argv = [sys.executable, "-I", "-S", str(_BOOTSTRAP), str(folder / "s"), packages]
                self._process = Process.start(argv, env=env, cwd=code, log=log)
                self._connection = self._accept(listening)
        finally:
            shutil.rmtree(folder)
        self._channel: Any = self._connection.makefile("rwb") if self._connection else None

    def invoke(self, request: JsonObject, seconds: float) -> Answer:
        """Call the handler, which has this many seconds; the first call waits for it to be loaded too."""
        init_seconds, began, request_id = None, time.monotonic(), request["id"]
        try:
            if not self._ready:
                answer = self._receive(_START_SECONDS)
                init_seconds, began = time.monotonic() - self._started, time.monotonic()
                self._ready = "error" not in answer
            if self._ready:
                self._send({**request, "deadline": time.time() + seconds})
                answer = self._receive(seconds)
            usable = self._ready
        except TimeoutError:
            answer, usable = (
                _error("Sandbox.Timedout", request_id, f"Task timed out after {seconds:.2f} seconds"),
                False,
            )
        except (EOFError, OSError):
            answer, usable = _error("Runtime.ExitError", request_id, self._exit()), False
        failed = "error" in answer
        payload = json.dumps({**answer["error"], "requestId": request_id}) if failed else answer["result"]
        return Answer(payload.encode(), failed, usable, time.monotonic() - began, init_seconds)

    @property
    def alive(self) -> bool:
        """Is the process still there?"""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process as a crash would: whoever waits for its answer hears of it."""
        self._process.stop(0)

    def stop(self) -> None:
        """End the process and everything that it started."""
        self._process.stop(0)
        if self._connection:
            with contextlib.suppress(OSError):  # what a request that was never read leaves in the buffer
                self._channel.close()
            self._connection.close()

    def _accept(self, listening: socket.socket) -> socket.socket | None:
        """Return the connection, or None if the process ended before it could make one."""
        listening.settimeout(_LOOK_SECONDS)
        while self._process.poll() is None:
            try:
                return listening.accept()[0]
            except TimeoutError:
                continue
        return None

    def _send(self, request: JsonObject) -> None:
        self._channel.write(json.dumps(request).encode() + b"\n")
        self._channel.flush()

    def _receive(self, seconds: float) -> JsonObject:
        if self._connection is None:
            raise EOFError
        self._connection.settimeout(seconds)
        line = self._channel.readline()
        if not line:
            raise EOFError
        answer: JsonObject = json.loads(line)
        return answer

    def _exit(self) -> str:
        code = self._process.wait(_DYING_SECONDS)
        if code is not None and code > _SIGNALLED:
            return f"Runtime exited with error: signal: {(signal.strsignal(code - _SIGNALLED) or '?').lower()}"
        return f"Runtime exited with error: exit status {code}" if code else "Runtime exited without providing a reason"


def _error(name: str, request_id: str, message: str) -> JsonObject:
    return {"error": {"errorType": name, "errorMessage": f"RequestId: {request_id} Error: {message}"}}
