"""Trainings in copies of a process that has everything imported, which takes longer than a small training does."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from served import Server, serving
from warm import Warm, warm

TIMEOUT_SECONDS = 60
RUNTIME = Path(__file__).parents[2] / "containers/runtime"  # an image has it beside the container's own package

# The program of the folder, which sends itself a signal as it prints a line, if it is told to.
IMPORTS = """
import runpy, time
def run(signal, line):
    def writing(text, write=sys.stdout.write):
        write(text)
        if signal and line in text:
            os.kill(os.getpid(), signal)
            time.sleep(0.2)  # for the thread that watches for signals
    sys.stdout.write = writing
    runpy.run_path("train", run_name="__main__")
"""
CALL = 'run(*job["arguments"])'


@dataclass(frozen=True)
class Outcome:
    """What a training job left behind."""

    code: int
    log: str
    base: Path

    @property
    def failure(self) -> str:
        path = self.base / "output/failure"
        return path.read_text("utf-8") if path.exists() else ""

    @property
    def metrics(self) -> dict[str, float]:
        found = re.findall(r"^metric (\w+)=([0-9.eE+-]+);$", self.log, re.MULTILINE)
        return {name: float(value) for name, value in found if name != "progress"}

    @property
    def model(self) -> dict[str, bytes]:
        """The model's files but the manifest, by their names."""
        paths = sorted((self.base / "model").iterdir())
        return {path.name: path.read_bytes() for path in paths if path.name != "manifest.json"}

    @property
    def manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads((self.base / "model/manifest.json").read_text("utf-8"))
        return manifest


@dataclass(frozen=True)
class Trainer:
    """The programs of a folder, in a virtual environment; `defaults` are hyperparameters."""

    folder: Path
    environment: Path
    warm: Warm
    defaults: Mapping[str, str]

    def variables(self, base: Path, **more: str) -> dict[str, str]:
        path = f"{self.environment / 'bin'}:/usr/local/bin:/usr/bin:/bin"
        return {"PATH": path, "LANG": "C.UTF-8", "PYTHONPATH": str(RUNTIME), "SAGEMAKER_BASE_DIR": str(base), **more}

    def prepare(self, base: Path, files: Mapping[str, str | bytes], hyperparameters: Mapping[str, str]) -> None:
        for name, content in files.items():
            path = base / "input/data/train" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        config = base / "input/config/hyperparameters.json"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(json.dumps({**self.defaults, **hyperparameters}), "utf-8")

    def run(self, base: Path, *command: str | Path) -> Outcome:
        """Run a command in a process of its own."""
        done = subprocess.run(
            [str(part) for part in command],
            env=self.variables(base),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, base)

    def train(self, base: Path, files: Mapping[str, str | bytes], /, **hyperparameters: str) -> Outcome:
        """Run `train` in a copy of the warm process; a regression of `price` unless said otherwise."""
        self.prepare(base, files, {"problem": "regression", "target": "price"} | hyperparameters)
        return self.again(base)

    def again(self, base: Path, *, signal: int = 0, line: str = "") -> Outcome:
        """Run `train` in a copy of the warm process, on what is there; it gets the signal as it prints the line."""
        log = base / "log"
        log.unlink(missing_ok=True)
        code = self.warm.run(self.folder, self.variables(base), log, [signal, line], timeout=TIMEOUT_SECONDS)
        return Outcome(code, log.read_text("utf-8"), base)

    def serve(self, base: Path) -> AbstractContextManager[Server]:
        """Run `serve` on the model that is there."""
        return serving([self.folder / "serve"], self.folder, self.variables(base))


class Train(Protocol):
    """Runs `train` on files by name."""

    def __call__(self, files: Mapping[str, str | bytes], **hyperparameters: str) -> Outcome: ...


@contextmanager
def started(folder: Path, environment: Path, *modules: str, defaults: Mapping[str, str] = {}) -> Iterator[Trainer]:
    """Start the process that trainings are copies of; it imports these modules, which must start no threads."""
    imports = IMPORTS + "".join(f"import {module}\n" for module in modules)
    python = environment / "bin/python3"
    with warm(python, folder, imports=imports, call=CALL, PYTHONPATH=str(RUNTIME)) as waiting:
        yield Trainer(folder, environment, waiting, defaults)


def prices() -> str:
    """Return 200 rows in which the price is 10 times the size, and 100 more for blue; each tenth size is empty."""
    lines = ["size,colour,price"]
    for number in range(1, 201):
        colour = ("red", "blue")[number % 2]
        size = "" if number % 10 == 0 else f"{number % 40}.5"
        lines.append(f"{size},{colour},{10 * (number % 40 + 0.5) + 100 * (colour == 'blue')}")
    return "\n".join(lines) + "\n"
