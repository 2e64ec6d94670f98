"""A server that runs, from its start to its end, and what it has used."""

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import processes
from benchmarks.measuring.ports import free_port
from benchmarks.measuring.wrk import Envelope
from benchmarks.peers.peer import Given, Peer
from penstock.local.programs.process import Process

START_SECONDS = 120
STOP_SECONDS = 10
POLL_SECONDS = 0.005


class ServerError(Exception):
    """A server that does not start, or does not answer."""


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    port: int
    pid: int  # of its supervisor: the server and all that it started are below
    start_seconds: float  # from its start to its first prediction
    first: str  # that prediction

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used until now."""
        return processes.cpu_seconds(self.pid)

    def memory_bytes(self) -> int:
        """Return the memory that it uses now."""
        return processes.memory_bytes(self.pid)


@contextmanager
def serving(peer: Peer, given: Given, row: str) -> Iterator[Server]:
    """Start a server, wait until it answers `row`, and end it.

    Raises:
        ServerError: it ends, or answers nothing but errors.
    """
    port = free_port()
    start = peer.start(given, port)
    log = given.folder / "log"
    started = time.perf_counter()
    process = Process.start(start.argv, env=start.variables, cwd=start.cwd, log=log)
    try:
        answer = _first_answer(process, port, peer.envelope, row, log)
        yield Server(port, process.pid, time.perf_counter() - started, answer)
    finally:
        process.stop(STOP_SECONDS)


def _first_answer(process: Process, port: int, envelope: Envelope, row: str, log: Path) -> str:
    found, ends = "nothing", time.monotonic() + START_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        try:
            status, text = ask(port, envelope, [row])
        except (OSError, http.client.HTTPException) as error:
            found = repr(error)
        else:
            if status == http.HTTPStatus.OK:
                return text
            found = f"{status} {text}"
        time.sleep(POLL_SECONDS)
    raise ServerError(f"See {log}: the server does not answer; last there was {found}.\n{log.read_text()[-3000:]}")


def ask(port: int, envelope: Envelope, rows: list[str]) -> tuple[int, str]:
    """Send rows, over a connection of their own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    try:
        body = envelope.before + envelope.between.join(rows) + envelope.after
        connection.request("POST", envelope.path, body.encode(), {"Content-Type": envelope.content_type})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()
