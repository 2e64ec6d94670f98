"""Does `serve` stay up under more than it was made for?

Ten minutes of distinct rows over 256 connections: only 200, or a deliberate 429 or 503, and memory as before. 200
slow-loris connections, which send a byte a second and never a whole request, and 1,000 that send nothing: beside them
/ping answers within 2 seconds, and rows are predicted.

    python benchmarks/soak_benchmark.py [--quick]
"""

import contextlib
import http.client
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from benchmarks.measuring.container import trained
from benchmarks.measuring.data import bigmart, write_templates
from benchmarks.measuring.server import Server, ask, serving
from benchmarks.measuring.wrk import Envelope, Generator
from benchmarks.peers.peer import Given
from benchmarks.peers.penstock.peer import Penstock

SECONDS, QUICK_SECONDS = 600, 10
ATTACK_SECONDS, QUICK_ATTACK_SECONDS = 60, 5
CONNECTIONS = 256
DELIBERATE = {"200", "429", "503"}
SLOW, IDLE = 200, 1_000
LARGEST_PING = 2.0
MOST_GROWTH = 0.05
SLOW_REQUEST = b"POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 100\r\n\r\n"


@dataclass(frozen=True)
class Found:
    """A sentence of the report, and whether it is as it should be."""

    sentence: str
    met: bool


def soak(server: Server, generator: Generator, seconds: int) -> Iterator[Found]:
    """Send rows over many connections for a long time."""
    generator.load(server.port, Envelope(), rows=1, connections=CONNECTIONS, seconds=QUICK_SECONDS)
    before = server.memory_bytes()
    load = generator.load(server.port, Envelope(), rows=1, connections=CONNECTIONS, seconds=seconds)
    growth = server.memory_bytes() / before - 1
    yield Found(
        f"{load.requests:,} requests over {CONNECTIONS} connections in {load.seconds:,.0f} s: statuses"
        f" {dict(load.statuses)}, connections broken or timed out {load.broken}",
        set(load.statuses) <= DELIBERATE and not load.broken and "200" in load.statuses,
    )
    yield Found(f"memory has grown by less than {MOST_GROWTH:.0%}: {growth:+.1%}", growth < MOST_GROWTH)


@contextlib.contextmanager
def connected(port: int, number: int) -> Iterator[list[socket.socket]]:
    """Hold so many connections open."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(number)]


def drip(connections: list[socket.socket], ended: Event) -> None:
    """Send a byte a second over each, half of them of the head and half of the body; a closed one is opened again."""
    sent = [0 if place % 2 else len(SLOW_REQUEST) for place in range(len(connections))]
    for place, connection in enumerate(connections):
        connection.sendall(SLOW_REQUEST[: sent[place]])
    while not ended.wait(1):
        for place, connection in enumerate(connections):
            with contextlib.suppress(OSError):  # the server has had enough of it
                connection.send(SLOW_REQUEST[sent[place] : sent[place] + 1] or b"1")
                sent[place] += 1


def pings(server: Server, row: str, seconds: float) -> tuple[float, bool]:
    """Ask for health and a prediction again and again; return the longest wait for health, and whether all was well."""
    longest, well, ends = 0.0, True, time.monotonic() + seconds
    while time.monotonic() < ends:
        started = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=seconds)
        connection.request("GET", "/ping")
        well &= connection.getresponse().status == http.HTTPStatus.OK
        connection.close()
        longest = max(longest, time.monotonic() - started)
        well &= ask(server.port, Envelope(), [row])[0] == http.HTTPStatus.OK
        time.sleep(0.05)
    return longest, well


def attacked(server: Server, row: str, seconds: float) -> Iterator[Found]:
    """Hold slow and idle connections while others ask."""
    ended = Event()
    with connected(server.port, SLOW) as connections, ThreadPoolExecutor(1) as pool:
        dripping = pool.submit(drip, connections, ended)
        try:
            longest, well = pings(server, row, seconds)
        finally:
            ended.set()
        dripping.result()
    yield Found(f"{SLOW} slow-loris connections: /ping within {longest:.2f} s", well and longest < LARGEST_PING)
    with connected(server.port, IDLE):
        longest, well = pings(server, row, seconds)
    yield Found(f"{IDLE:,} idle connections: /ping within {longest:.2f} s", well and longest < LARGEST_PING)


def main() -> int:
    """Run all, print what was found, and return 0 if it is as it should be."""
    quick = "--quick" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = bigmart()
        generator = Generator(write_templates(data, folder / "templates"))
        given, row = Given(data, trained(folder, data), folder), generator.row()
        with serving(Penstock(), given, row) as server:
            found = [
                *attacked(server, row, QUICK_ATTACK_SECONDS if quick else ATTACK_SECONDS),
                *soak(server, generator, QUICK_SECONDS if quick else SECONDS),
            ]
    print("Under more than it was made for")
    for each in found:
        print(f"{'✓' if each.met else '✗'} {each.sentence}")
    return 0 if all(each.met for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
