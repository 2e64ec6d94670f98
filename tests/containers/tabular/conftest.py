"""The container's programs, run as SageMaker runs them: as processes, in an environment of their own."""

import csv
import io
import json
import subprocess
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from penstock.local.programs.environments import environment
from warm import Warm, warm

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "containers/tabular"
TIMEOUT_SECONDS = 60
NOT_PROGRAM = ("Dockerfile", ".dockerignore", "requirements.in", "requirements.txt")


@dataclass(frozen=True)
class Outcome:
    """What a processing job left behind."""

    code: int
    log: str
    base: Path

    @property
    def message(self) -> str:
        path = self.base / "output/message"
        return path.read_text("utf-8") if path.exists() else ""

    @property
    def output(self) -> Path:
        return self.base / "out"

    def json(self, name: str) -> Any:
        return json.loads((self.output / name).read_text("utf-8"))

    @property
    def judged(self) -> dict[str, Any]:
        """What evaluation.json says beside SageMaker's own sections, of a job that succeeded."""
        assert self.code == 0, self.log
        found: dict[str, Any] = self.json("evaluation.json")["penstock"]
        return found

    def rows(self, name: str) -> list[list[str]]:
        with (self.output / name).open(newline="") as file:
            return list(csv.reader(file))


@dataclass(frozen=True)
class Tabular:
    """The programs and the Python that they run in."""

    environment: Path
    worker: Warm

    def command(self, base: Path, command: Sequence[object], path: Path | None = None) -> Outcome:
        """Run a command's function in a process of its own."""
        log, words = base / "log", [str(part) for part in command]
        code = self.worker.run(base, self.variables(base, path), log, words, timeout=TIMEOUT_SECONDS)
        return Outcome(code, log.read_text("utf-8"), base)

    def variables(self, base: Path, path: Path | None = None) -> dict[str, str]:
        """Return a job's environment; `path` comes first on the PATH."""
        paths = [path, FOLDER, self.environment / "bin", "/usr/local/bin:/usr/bin:/bin"]
        found = ":".join(str(each) for each in paths if each)
        return {"PATH": found, "LANG": "C.UTF-8", "SAGEMAKER_BASE_DIR": str(base), "OPENBLAS_NUM_THREADS": "1"}

    def run(self, base: Path, command: Sequence[object], path: Path | None = None) -> Outcome:
        """Run a program."""
        done = subprocess.run(
            [str(part) for part in command],
            env=self.variables(base, path),
            cwd=base,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, base)

    def python(self, base: Path, code: str, *arguments: str | Path) -> Any:
        """Run code that can import the package, and return the JSON that it prints."""
        found = self.run(
            base, ["python3", "-c", f"import sys; sys.path.insert(0, {str(FOLDER)!r})\n{code}", *arguments]
        )
        assert found.code == 0, found.log
        return json.loads(found.log)


class Check(Protocol):
    def __call__(
        self, files: Mapping[str, str | bytes], champion: Path | None = None, check: Any = None, **texts: str
    ) -> Outcome: ...


class Process(Protocol):
    def __call__(self, files: Mapping[str, str], *options: str, script: str = "", **texts: str) -> Outcome: ...


@pytest.fixture(scope="session")
def tabular() -> Iterator[Tabular]:
    """The container's own packages, in the cache that the local cloud uses too; built once, whoever asks first."""
    found = environment(FOLDER / "requirements.txt", ROOT / ".penstock/environments")
    imports = "import numpy, pandas; from tabular.commands import main"
    call = "sys.exit(main(job['arguments'][0], job['arguments'][1:]))"
    python = found / "bin/python3"
    with warm(python, FOLDER, imports=imports, call=call, OPENBLAS_NUM_THREADS="1") as waiting:
        yield Tabular(found, waiting)


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder as a zip, as it is put into images that are not its own."""
    path = tmp_path_factory.mktemp("program") / "tabular.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(FOLDER.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts and file.name not in NOT_PROGRAM:
                archive.write(file, file.relative_to(FOLDER))
    return path


class WriteSettings(Protocol):
    def __call__(self, base: Path, texts: Mapping[str, str], **sections: Any) -> Path: ...


@pytest.fixture(scope="session")
def write_settings() -> WriteSettings:
    def write(base: Path, texts: Mapping[str, str], **sections: Any) -> Path:
        folder = base / "settings"
        folder.mkdir(parents=True, exist_ok=True)
        document = {"check": {}, "evaluate": {}, "gate": None, **sections, "hyperparameters": dict(texts)}
        (folder / "settings.json").write_text(json.dumps(document), "utf-8")
        return folder

    return write


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@pytest.fixture
def check(tabular: Tabular, tmp_path: Path, write_settings: WriteSettings) -> Check:
    """Run `check` on files by name; the problem is a regression of `price` unless said otherwise."""
    runs = iter(range(100))

    def run(files: Mapping[str, str | bytes], champion: Path | None = None, check: Any = None, **texts: str) -> Outcome:
        base = tmp_path / f"check-{next(runs)}"
        defaults = {"problem": "regression", "target": "price", "minimum_rows": "1"}
        settings = write_settings(base, defaults | texts, check=check or {})
        data = write_files(base / "data", files)
        command = ["check", "--data", data, "--settings", settings, "--output", base / "out"]
        return tabular.command(base, [*command, *(["--champion", champion] if champion else [])])

    return run


@pytest.fixture
def process(tabular: Tabular, tmp_path: Path, write_settings: WriteSettings) -> Process:
    """Run `process` on files by name; the problem is a regression of `price` unless said otherwise."""
    runs = iter(range(100))

    def run(files: Mapping[str, str], *options: str, script: str = "", **texts: str) -> Outcome:
        base = tmp_path / f"process-{next(runs)}"
        settings = write_settings(base, {"problem": "regression", "target": "price", **texts})
        command = ["process", "--data", write_files(base / "data", files), "--settings", settings]
        if script:
            options = (*options, "--code", str(write_files(base / "code", {"process.py": script})))
        return tabular.command(base, [*command, "--output", base / "out", *options])

    return run


class Csv(Protocol):
    def __call__(self, names: Sequence[str], rows: Iterable[Sequence[object]]) -> str: ...


@pytest.fixture(scope="session")
def csv_of() -> Csv:
    """Write a table as CSV."""

    def write(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([names, *rows])
        return text.getvalue()

    return write


@pytest.fixture(scope="session")
def prices(csv_of: Csv) -> str:
    """100 rows in which the price follows the size; each tenth size is empty."""
    rows = [
        ("" if row % 10 == 0 else row % 37, ("red", "blue")[row % 2], 10 * (row % 37) + row % 2) for row in range(100)
    ]
    return csv_of(["size", "colour", "price"], rows)


@pytest.fixture(scope="session")
def generated(tabular: Tabular) -> str:
    """The Big Mart data of the pipeline's own generator."""
    command = [tabular.environment / "bin/python3", ROOT / "pipelines/bigmart/generate.py"]
    return subprocess.run(command, capture_output=True, check=True, timeout=TIMEOUT_SECONDS, encoding="utf-8").stdout
