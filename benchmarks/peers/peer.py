"""What a server is to the benchmark: a name, how it wants rows, and how it is started."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol

from benchmarks.measuring.data import WORK
from benchmarks.measuring.wrk import Envelope
from penstock.local.programs.environments import environment

HERE = Path(__file__).parent
PYTHON = "3.11"  # MLServer runs on none after 3.12, and multi-model-server is only known to run on this one


@dataclass(frozen=True)
class Given:
    """What each server is given: Big Mart's records, the model that `containers/forest` made of them, and a folder."""

    data: Path
    model: Path
    folder: Path


@dataclass(frozen=True)
class Start:
    """How a server is started."""

    argv: Sequence[str]
    cwd: Path
    variables: Mapping[str, str] = field(default_factory=dict)


class Peer(Protocol):
    """A server."""

    name: ClassVar[str]
    envelope: ClassVar[Envelope]

    def start(self, given: Given, port: int) -> Start:
        """Make ready what it needs, and return how to start it on a port of 127.0.0.1."""
        ...


def packages(name: str) -> Path:
    """Return the virtual environment of a peer, which its requirements.txt pins."""
    python = sys.executable if sys.version.startswith(f"{PYTHON}.") else PYTHON
    return environment(HERE / name / "requirements.txt", WORK / "environments", python)


def variables(environment: Path, **more: str) -> dict[str, str]:
    """Return the variables of a program of a virtual environment that may import what the peers have in common."""
    path = f"{environment / 'bin'}:{os.environ['PATH']}"
    return {"PATH": path, "LANG": "C.UTF-8", "PYTHONPATH": str(HERE), "PYTHONUNBUFFERED": "1", **more}
