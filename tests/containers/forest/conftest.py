"""The container's programs, run as SageMaker runs them: as processes, in an environment of their own."""

import http.client
import json
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from warm import Warm, warm

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "containers/forest"
TIMEOUT_SECONDS = 60


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
        return {name: float(value) for name, value in found}

    @property
    def model(self) -> bytes:
        return (self.base / "model/model.onnx").read_bytes()

    @property
    def manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads((self.base / "model/manifest.json").read_text("utf-8"))
        return manifest


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def error(self) -> str:
        return str(json.loads(self.text)["error"])

    @property
    def values(self) -> list[float]:
        return [float(line) for line in self.text.splitlines()]


@dataclass(frozen=True)
class Server:
    process: "subprocess.Popen[str]"
    port: int

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)

    def call(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}) -> Answer:
        connection = self.connect()
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read().decode())
        connection.close()
        return answer

    def post(self, body: str | bytes, content_type: str = "text/csv", **headers: str) -> Answer:
        content = body.encode() if isinstance(body, str) else body
        return self.call("POST", "/invocations", content, {"Content-Type": content_type, **headers})


@dataclass(frozen=True)
class Container:
    environment: Path
    warm: Warm
    folder: Path = FOLDER

    def variables(self, base: Path, **more: str) -> dict[str, str]:
        path = f"{self.environment / 'bin'}:/usr/local/bin:/usr/bin:/bin"
        return {"PATH": path, "LANG": "C.UTF-8", "SAGEMAKER_BASE_DIR": str(base), **more}

    def prepare(self, base: Path, files: Mapping[str, str | bytes], hyperparameters: Mapping[str, str]) -> None:
        for name, content in files.items():
            path = base / "input/data/train" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        config = base / "input/config/hyperparameters.json"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(json.dumps(hyperparameters), "utf-8")

    def run(self, base: Path, *command: str | Path) -> Outcome:
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

    def train(self, base: Path, files: Mapping[str, str | bytes], **hyperparameters: str) -> Outcome:
        defaults = {"problem": "regression", "target": "price"}
        self.prepare(base, files, defaults | hyperparameters)
        log = base / "log"
        code = self.warm.run(FOLDER, self.variables(base), log, [], timeout=TIMEOUT_SECONDS)
        return Outcome(code, log.read_text("utf-8"), base)

    @contextmanager
    def serve(self, base: Path) -> Iterator[Server]:
        variables = self.variables(base, BIND_HOST="127.0.0.1", SAGEMAKER_BIND_TO_PORT="0")
        process = subprocess.Popen(
            [self.folder / "serve"], env=variables, cwd=self.folder, stderr=subprocess.PIPE, encoding="utf-8"
        )
        assert process.stderr is not None
        limit = threading.Timer(TIMEOUT_SECONDS, process.kill)  # reading its lines knows no time-out
        limit.start()
        try:
            listening = (re.search(r"http://[\d.]+:(\d+)", line) for line in process.stderr)
            port = next(int(found[1]) for found in listening if found)
            limit.cancel()
            yield Server(process, port)
        finally:
            limit.cancel()
            process.kill()
            process.communicate()


class Train(Protocol):
    def __call__(self, files: Mapping[str, str | bytes], **hyperparameters: str) -> Outcome: ...


@pytest.fixture(scope="session")
def container(forest_environment: Path) -> Iterator[Container]:
    python = forest_environment / "bin" / "python3"
    imports, call = "import runpy, forest.fitting", "runpy.run_path('train', run_name='__main__')"
    with warm(python, FOLDER, imports=imports, call=call) as waiting:
        yield Container(forest_environment, waiting)


@pytest.fixture
def train(container: Container, tmp_path: Path) -> Train:
    """Run `train` on files by name; the problem is a regression of `price` unless said otherwise."""

    def run(files: Mapping[str, str | bytes], **hyperparameters: str) -> Outcome:
        return container.train(tmp_path, files, **hyperparameters)

    return run


def prices() -> str:
    """Return 200 rows in which the price is 10 times the size, and 100 more for blue; each tenth size is empty."""
    lines = ["size,colour,price"]
    for number in range(1, 201):
        colour = ("red", "blue")[number % 2]
        size = "" if number % 10 == 0 else f"{number % 40}.5"
        lines.append(f"{size},{colour},{10 * (number % 40 + 0.5) + 100 * (colour == 'blue')}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def data() -> str:
    return prices()


@pytest.fixture(scope="session")
def trained(container: Container, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A regression, with the last tenth of the rows held out."""
    base = tmp_path_factory.mktemp("trained")
    return container.train(base, {"prices.csv": prices()}, split_method="ordered", min_samples_leaf="1")


@pytest.fixture(scope="session")
def server(container: Container, trained: Outcome) -> Iterator[Server]:
    with container.serve(trained.base) as running:
        yield running


@pytest.fixture(scope="session")
def bigmart(container: Container, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The model of the generated Big Mart data, with the container's defaults."""
    generated = subprocess.run(
        ["python3", ROOT / "pipelines/bigmart/generate.py"],
        env=container.variables(ROOT),
        capture_output=True,
        check=True,
        timeout=TIMEOUT_SECONDS,
    )
    base = tmp_path_factory.mktemp("bigmart")
    return container.train(base, {"generated.csv": generated.stdout}, target="Item_Outlet_Sales")
