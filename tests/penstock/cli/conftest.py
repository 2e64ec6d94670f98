import contextlib
import functools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import boto3
import pytest
from click.testing import CliRunner

from penstock.cli import main
from penstock.local.control import Connection

ROOT = Path(__file__).parents[3]
PENSTOCK = Path(sys.executable).with_name("penstock")


def environment() -> dict[str, str]:
    """The environment of a person's shell, without what this machine says about AWS."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {"PATH": f"{PENSTOCK.parent}{os.pathsep}{kept['PATH']}"}


@dataclass(frozen=True)
class Ended:
    """A command that has ended: its exit code, the last line of standard output as JSON, and all that it said."""

    code: int
    result: dict[str, Any]
    said: str

    @classmethod
    def of(cls, code: int, stdout: str, stderr: str) -> Self:
        last = stdout.splitlines()[-1] if stdout else ""
        return cls(code, json.loads(last) if last.startswith("{") else {}, stdout + stderr)


class LocalCloud:
    """`penstock local up` in a process of its own, used as a person would: through the variables that it prints."""

    def __init__(self, process: "subprocess.Popen[str]", variables: dict[str, str], root: Path, pipeline: str) -> None:
        self.process = process
        self.variables = variables
        self.root = root
        self.pipeline = pipeline

    @classmethod
    def start(
        cls, state: Path, *options: str, root: Path = ROOT, pipeline: str = "bigmart", measured: bool = True
    ) -> Self:
        """Start one for a pipeline of a project, that keeps its state in a folder; by default on a free port."""
        up = ("local", "up", "--state", str(state), *(options or ("--port", "0")))
        with state.with_name(f"{state.name}.said").open("a") as said:
            process = start(*up, said=said, cwd=root, measured=measured)
        variables = {}
        assert process.stdout is not None
        for line in process.stdout:
            name, _, value = line.removeprefix("export ").strip().partition("=")
            variables[name] = value
            if "AWS_SECRET_ACCESS_KEY" in variables and "AWS_DEFAULT_REGION" in variables:
                break
        return cls(process, variables, root, pipeline)

    def run(self, data: Path, *settings: str, fault: str = "") -> Ended:
        """Run the pipeline on a file."""
        options = [option for setting in settings for option in ("--set", setting)]
        options += ["--fault", fault] if fault else []
        return self.command("local", "run", self.pipeline, "--data", str(data), "--json", *options)

    def command(self, *arguments: str) -> Ended:
        """Run any command in the project, with the exported variables."""
        return penstock(*arguments, cwd=self.root, **self.variables)

    def begin(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a command in a process of its own."""
        return start(*arguments, cwd=self.root, measured=True, **self.variables)

    def client(self, service: str) -> Any:
        """A boto3 client as a user has it, with the exported variables only."""
        with exported(self.variables):
            return _session(tuple(self.variables.items())).client(service)

    def work(self) -> Path:
        """Its own folder."""
        key = self.variables["AWS_SECRET_ACCESS_KEY"]
        return Path(Connection(url=self.variables["AWS_ENDPOINT_URL"], key=key).describe()["work"])

    def stop(self) -> int:
        """End it as Ctrl-C would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGINT)
        self.process.communicate(timeout=30)
        return self.process.returncode


@functools.cache
def _session(variables: tuple[tuple[str, str], ...]) -> Any:
    """The boto3 session of a shell: it reads the model of a service once, which takes a second on a busy machine."""
    return boto3.session.Session()


@contextlib.contextmanager
def exported(variables: dict[str, str]) -> Iterator[None]:
    """Set variables for a while."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        yield


def start(
    *arguments: str, said: Any = subprocess.DEVNULL, cwd: Path = ROOT, measured: bool = True, **variables: str
) -> "subprocess.Popen[str]":
    """Start a command, in a process group of its own; coverage makes one that it measures half as slow again."""
    kept = environment()
    if not measured:
        kept.pop("COVERAGE_PROCESS_CONFIG", None)
    return subprocess.Popen(
        [PENSTOCK, *arguments],
        cwd=cwd,
        env=kept | variables,
        stdout=subprocess.PIPE,
        stderr=said,
        text=True,
        start_new_session=True,
    )


def penstock(*arguments: str, cwd: Path = ROOT, **variables: str) -> Ended:
    """Run a command to its end in this process, which is quicker; it must not start a cloud."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in variables.items():
            patch.setenv(name, value)
        done = CliRunner().invoke(main, arguments)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Ended.of(done.exit_code, done.stdout, done.stderr)


def penstock_process(*arguments: str, cwd: Path = ROOT) -> Ended:
    """Run a command to its end in a process of its own."""
    process = start(*arguments, said=subprocess.PIPE, cwd=cwd)
    stdout, stderr = process.communicate(timeout=300)
    return Ended.of(process.returncode, stdout, stderr)


def processes_of(folder: Path) -> list[int]:
    """The processes that a cloud with this work folder has started, by their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                if str(folder).encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
    return found


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generated records, fewer than a demo's."""
    return generated(tmp_path_factory.mktemp("records") / "records.csv", rows=1500, seed=1)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """A cloud that stays for the tests of a file."""
    running = LocalCloud.start(tmp_path_factory.mktemp("state"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def start_cloud() -> Callable[..., LocalCloud]:
    return LocalCloud.start


@pytest.fixture(scope="session")
def start_tiny_cloud(tiny_project: Path) -> Callable[..., LocalCloud]:
    """Start a cloud for a pipeline whose programs take no time, where what they do does not matter.

    The others show coverage the same code.
    """
    return functools.partial(LocalCloud.start, root=tiny_project, pipeline="tiny", measured=False)


@pytest.fixture(scope="module")
def tiny_cloud(tmp_path_factory: pytest.TempPathFactory, start_tiny_cloud: Any) -> Iterator[LocalCloud]:
    """A cloud of that pipeline that stays for the tests of a file."""
    running = start_tiny_cloud(tmp_path_factory.mktemp("state"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def tiny_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("records") / "tiny.csv"
    path.write_text("x,y\n1,2\n2,3\n3,4\n")
    return path


@pytest.fixture(name="penstock", scope="session")
def _penstock() -> Callable[..., Ended]:
    return penstock


@pytest.fixture(name="penstock_process", scope="session")
def _penstock_process() -> Callable[..., Ended]:
    return penstock_process


@pytest.fixture(name="start_penstock")
def _start_penstock() -> Callable[..., "subprocess.Popen[str]"]:
    return start


@pytest.fixture(name="processes_of")
def _processes_of() -> Callable[[Path], list[int]]:
    return processes_of


@pytest.fixture(name="make_records")
def _make_records() -> Callable[..., Path]:
    return generated


def generated(path: Path, *, rows: int, seed: int) -> Path:
    """Write generated records to a file."""
    program = ROOT / "pipelines" / "bigmart" / "generate.py"
    with path.open("w") as file:
        subprocess.run([sys.executable, program, "--rows", str(rows), "--seed", str(seed)], stdout=file, check=True)
    return path
