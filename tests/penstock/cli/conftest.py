import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest

ROOT = Path(__file__).parents[3]
PENSTOCK = Path(sys.executable).with_name("penstock")


def environment(**variables: str) -> dict[str, str]:
    """The environment of a person's shell, without what this machine says about AWS."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {"PATH": f"{PENSTOCK.parent}{os.pathsep}{kept['PATH']}"} | variables


@dataclass(frozen=True)
class Ended:
    """A command that has ended: its exit code, the last line of standard output as JSON, and all that it said."""

    code: int
    result: dict[str, Any]
    said: str


class LocalCloud:
    """`penstock local up` in a process of its own, used as a person would: through the variables that it prints."""

    def __init__(self, process: "subprocess.Popen[str]", variables: dict[str, str]) -> None:
        self.process = process
        self.variables = variables

    @classmethod
    def start(cls, state: Path, *options: str) -> Self:
        """Start one that keeps its state in a folder; by default on a free port."""
        state.mkdir(exist_ok=True)
        with (state / "said").open("a") as said:
            process = start("local", "up", "--state", str(state), *(options or ("--port", "0")), said=said)
        variables = {}
        assert process.stdout is not None
        for line in process.stdout:
            name, _, value = line.removeprefix("export ").strip().partition("=")
            variables[name] = value
            if "AWS_SECRET_ACCESS_KEY" in variables and "AWS_DEFAULT_REGION" in variables:
                break
        return cls(process, variables)

    def run(self, data: Path, *settings: str) -> Ended:
        """Run the pipeline on a file."""
        options = [option for setting in settings for option in ("--set", setting)]
        return penstock("local", "run", "bigmart", "--data", str(data), "--json", *options, cwd=ROOT, **self.variables)

    def client(self, service: str) -> Any:
        """A boto3 client as a user has it, with the exported variables only."""
        import boto3  # noqa: PLC0415  the variables are read when it is used

        with exported(self.variables):
            return boto3.session.Session().client(service)

    def stop(self) -> int:
        """End it as Ctrl-C would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGINT)
        self.process.communicate(timeout=30)
        return self.process.returncode


@contextlib.contextmanager
def exported(variables: dict[str, str]) -> Iterator[None]:
    """Set variables for a while."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        yield


def start(*arguments: str, said: Any = subprocess.DEVNULL) -> "subprocess.Popen[str]":
    """Start a command, in a process group of its own."""
    return subprocess.Popen(
        [PENSTOCK, *arguments],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=said,
        text=True,
        start_new_session=True,
    )


def penstock(*arguments: str, cwd: Path = ROOT, **variables: str) -> Ended:
    """Run a command to its end."""
    done = subprocess.run(
        [PENSTOCK, *arguments],
        cwd=cwd,
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    last = done.stdout.splitlines()[-1] if done.stdout else ""
    return Ended(done.returncode, json.loads(last) if last.startswith("{") else {}, done.stdout + done.stderr)


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
def cloud_class() -> type[LocalCloud]:
    return LocalCloud


@pytest.fixture(name="start_cloud")
def _start_cloud() -> Callable[..., LocalCloud]:
    return LocalCloud.start


@pytest.fixture(name="penstock", scope="session")
def _penstock() -> Callable[..., Ended]:
    return penstock


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
