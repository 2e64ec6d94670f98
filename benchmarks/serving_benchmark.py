"""How fast, how large and how quick to start is `containers/forest`, beside the servers that people use?

All serve distinct rows in one run, turn by turn: the stack of the tutorials with its own model, and MLServer, BentoML,
multi-model-server and a hand-written protocol with the very model that the container has trained. A figure is the
median of the rounds, a ratio that of the ratios within a round; CPU is that of all of a server's processes, memory
counts what they share once (PSS), and a start lasts until the first prediction.

    python benchmarks/serving_benchmark.py [--quick]
"""

import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring.container import trained
from benchmarks.measuring.data import bigmart, write_templates
from benchmarks.measuring.server import Server, serving
from benchmarks.measuring.table import Measure, Target, report
from benchmarks.measuring.wrk import Envelope, Generator, Load
from benchmarks.peers.bentoml.peer import BentoML
from benchmarks.peers.mlserver.peer import MLServer
from benchmarks.peers.mms.peer import MultiModelServer
from benchmarks.peers.peer import Given, Peer
from benchmarks.peers.penstock.peer import Penstock
from benchmarks.peers.raw.peer import Raw
from benchmarks.peers.tutorial.peer import Tutorial

PEERS: tuple[Peer, ...] = (Tutorial(), MLServer(), BentoML(), MultiModelServer(), Raw(), Penstock())
START, RATE, CPU = "start", "requests/s at 8 connections", "CPU per request"
P50, P99 = "p50 at 1 connection", "p99 at 1 connection"
HUNDRED, TEN_THOUSAND, MEMORY = "100 rows", "10,000 rows", "memory"
MEASURES = (
    Measure(START, lambda value: f"{value:.2f} s"),
    Measure(RATE, lambda value: f"{value:,.0f}"),
    Measure(CPU, lambda value: f"{value * 1e6:,.0f} µs"),
    Measure(P50, lambda value: f"{value * 1e3:.2f} ms"),
    Measure(P99, lambda value: f"{value * 1e3:.2f} ms"),
    Measure(HUNDRED, lambda value: f"{value * 1e3:.2f} ms"),
    Measure(TEN_THOUSAND, lambda value: f"{value * 1e3:,.0f} ms"),
    Measure(MEMORY, lambda value: f"{value / 1e6:,.0f} MB"),
)
TARGETS = (
    Target(RATE, Tutorial.name, 120, at_least=True),
    Target(RATE, MLServer.name, 1.5, at_least=True),
    Target(RATE, BentoML.name, 2, at_least=True),
    Target(RATE, MultiModelServer.name, 2, at_least=True),
    Target(P50, Tutorial.name, 0.01),
    Target(P99, Tutorial.name, 0.01),
    Target(HUNDRED, Tutorial.name, 0.03),
    Target(TEN_THOUSAND, Tutorial.name, 0.10),
    Target(START, Tutorial.name, 0.25),
    Target(MEMORY, Tutorial.name, 0.08),
    Target(CPU, Raw.name, 3),
)
FEWEST, FEWEST_LARGE = 50, 3  # requests that make a figure: small ones, and those of 10,000 rows
LARGE = 10_000
LIKENESS = 0.2  # of the answers to one row: the tutorials' forest is another one


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int
    warming: float  # seconds
    seconds: float  # of each load


FULL, QUICK = Plan(rounds=3, warming=3, seconds=8), Plan(rounds=1, warming=1, seconds=1)


@dataclass(frozen=True)
class Session:
    """A running server under load."""

    server: Server
    envelope: Envelope
    generator: Generator
    plan: Plan

    def measure(self) -> dict[str, float]:
        """Return each figure."""
        self._load(connections=8, rows=1, seconds=self.plan.warming)
        before = self.server.cpu_seconds()
        many = self._load(connections=8, rows=1)
        used = self.server.cpu_seconds() - before
        one = self._load(connections=1, rows=1)
        return {
            START: self.server.start_seconds,
            RATE: many.per_second,
            CPU: used / many.requests,
            P50: one.p50,
            P99: one.p99,
            HUNDRED: self._load(connections=1, rows=100).p50,
            TEN_THOUSAND: self._load(connections=1, rows=LARGE).p50,
            MEMORY: self.server.memory_bytes(),
        }

    def _load(self, *, connections: int, rows: int, seconds: float = 0) -> Load:
        seconds = seconds or self.plan.seconds
        port = self.server.port
        found = self.generator.load(port, self.envelope, rows=rows, connections=connections, seconds=seconds)
        if found.failed:
            raise RuntimeError(f"Requests of {rows:,} rows failed at {connections} connections: {found}.")
        if found.requests < (FEWEST_LARGE if rows == LARGE else FEWEST):  # too slow for so short a load
            return self._load(connections=connections, rows=rows, seconds=2 * seconds)
        return found


def rounds(plan: Plan, folder: Path) -> Iterable[Mapping[str, Mapping[str, float]]]:
    """Yield, for each round, the figures of each server.

    Raises:
        ValueError: a server answers something else than the others.
    """
    data = bigmart()
    generator = Generator(write_templates(data, folder / "templates"))
    model, row = trained(folder, data), generator.row()
    for number in range(plan.rounds):
        found, answers = {}, {}
        for peer in PEERS:
            print(f"● round {number + 1} of {plan.rounds}: {peer.name}", file=sys.stderr, flush=True)
            given = Given(data, model, folder / type(peer).__name__)
            given.folder.mkdir(exist_ok=True)
            with serving(peer, given, row) as server:
                answers[peer.name] = float(re.findall(r"\d+\.\d+", server.first)[-1])
                found[peer.name] = Session(server, peer.envelope, generator, plan).measure()
        if max(answers.values()) > (1 + LIKENESS) * min(answers.values()):
            raise ValueError(f"The servers should answer alike to {row!r}: {answers}.")
        yield found


def main() -> int:
    """Measure, print the table, and return 0 if every target is met."""
    plan = QUICK if "--quick" in sys.argv[1:] else FULL
    with tempfile.TemporaryDirectory() as folder:
        found = list(rounds(plan, Path(folder)))
    figures = {
        peer.name: {each.name: [one[peer.name][each.name] for one in found] for each in MEASURES} for peer in PEERS
    }
    title = f"Serving, {plan.rounds} rounds of {plan.seconds:g} s"
    return 0 if report(title, MEASURES, figures, TARGETS, Penstock.name) else 1


if __name__ == "__main__":
    sys.exit(main())
