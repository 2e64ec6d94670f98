"""Ours: `containers/forest`, on the runtime."""

from pathlib import Path
from typing import ClassVar

from benchmarks.measuring.container import program
from benchmarks.measuring.wrk import Envelope
from benchmarks.peers.peer import Given, Start


class Penstock:
    """The program of the image, with the variables that SageMaker sets."""

    name: ClassVar = "containers/forest"
    envelope: ClassVar = Envelope()

    def start(self, given: Given, port: int) -> Start:
        """Start it."""
        files, base = program().files, given.model.parent
        own = {"SAGEMAKER_BIND_TO_PORT": str(port), "BIND_HOST": "127.0.0.1", "TMPDIR": str(given.folder)}
        return Start([str(files / "serve")], files, container_variables(base) | own)


def container_variables(base: Path) -> dict[str, str]:
    """Return the variables of a program of the container that has `base` for /opt/ml."""
    built = program()
    path = f"{built.files}:{built.environment / 'bin'}:/usr/local/bin:/usr/bin:/bin"
    return {"PATH": path, "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", "SAGEMAKER_BASE_DIR": str(base)}
