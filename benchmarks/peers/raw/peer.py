"""A hand-written uvloop protocol around the same session, in the container's own environment: the limit in Python."""

from typing import ClassVar

from benchmarks.measuring.container import program
from benchmarks.measuring.wrk import Envelope
from benchmarks.peers.peer import HERE, Given, Start, variables


class Raw:
    """One process for each core, as ours: a process that is idle now and then wakes up more often for as much work."""

    name: ClassVar = "raw uvloop"
    envelope: ClassVar = Envelope()

    def start(self, given: Given, port: int) -> Start:
        """Start it."""
        packages = program().environment
        argv = [str(packages / "bin/python"), str(HERE / "raw/server.py"), str(port)]
        return Start(argv, given.folder, variables(packages, MODEL=str(given.model)))
