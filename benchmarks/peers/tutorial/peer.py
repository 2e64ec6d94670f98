"""The stack of the tutorials: nginx, gunicorn with gevent, Flask, pandas, and a pickled forest of 500 full trees."""

import os
import subprocess
from pathlib import Path
from string import Template
from typing import ClassVar

from benchmarks.measuring.data import WORK
from benchmarks.measuring.debian import program
from benchmarks.measuring.wrk import Envelope
from benchmarks.peers.peer import HERE, Given, Start, packages, variables

PROGRAMS = HERE / "tutorial"


class Tutorial:
    """nginx in front of one gunicorn worker for each core, as AWS's example of an own container has it."""

    name: ClassVar = "tutorial's stack"
    envelope: ClassVar = Envelope()

    def start(self, given: Given, port: int) -> Start:
        """Train, once, write the configuration of nginx, and start both."""
        found = packages("tutorial")
        if not (given.folder / "model").exists():
            (given.folder / "model").mkdir()
            subprocess.run(training(given.data, given.folder / "model"), env=variables(found), check=True)
        settings = Template((PROGRAMS / "nginx.conf").read_text()).substitute(FOLDER=given.folder, PORT=port)
        (given.folder / "nginx.conf").write_text(settings)
        argv = [str(found / "bin/python"), str(PROGRAMS / "serve.py"), str(program("nginx", WORK)), str(given.folder)]
        own = {"MODEL": str(given.folder / "model"), "WORKERS": str(os.cpu_count()), "HOME": str(given.folder)}
        return Start(argv, PROGRAMS, variables(found, **own))


def training(data: Path, model: Path, *held_out: Path) -> list[str]:
    """Return the command that trains, and prints the RMSE on the rows that were held out, if they are given."""
    return [str(packages("tutorial") / "bin/python"), str(PROGRAMS / "train.py"), *map(str, (data, model, *held_out))]
