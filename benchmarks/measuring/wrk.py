"""Load by wrk: rows that are all distinct, over kept connections."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring.data import WORK
from benchmarks.measuring.debian import program

_SCRIPT = Path(__file__).with_name("rows.lua")
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Envelope:
    """How a server wants rows: where, as what, and what comes before, between and after them."""

    path: str = "/invocations"
    content_type: str = "text/csv"
    before: str = ""
    between: str = "\n"
    after: str = "\n"


@dataclass(frozen=True)
class Load:
    """What a load found."""

    requests: int
    seconds: float
    p50: float  # seconds
    p99: float
    broken: int  # connections that were refused, reset or timed out
    statuses: Mapping[str, int]

    @property
    def per_second(self) -> float:
        """How many requests were answered a second."""
        return self.requests / self.seconds

    @property
    def failed(self) -> int:
        """How many requests had no answer, or another one than 200."""
        return self.broken + sum(number for status, number in self.statuses.items() if status != "200")


@dataclass(frozen=True)
class Generator:
    """What sends the rows of a file of templates."""

    templates: Path

    def row(self) -> str:
        """Return one of the rows."""
        with self.templates.open(encoding="utf-8") as lines:
            return next(lines).rstrip("\n") % 150

    def load(self, port: int, envelope: Envelope, *, rows: int, connections: int, seconds: float) -> Load:
        """Send requests of so many rows over so many connections, and return what was found."""
        form = [envelope.before, envelope.between, envelope.after, envelope.content_type]
        output = subprocess.check_output(
            [
                *(str(program("wrk", WORK)), "--threads", "1", "--connections", str(connections)),
                *("--duration", f"{max(1, round(seconds))}s", "--timeout", f"{_PATIENCE_SECONDS}s"),
                *("--script", str(_SCRIPT), f"http://127.0.0.1:{port}{envelope.path}"),
                *("--", str(self.templates), str(rows), *form),
            ],
            encoding="utf-8",
        )
        return Load(**json.loads(output.splitlines()[-1]))
