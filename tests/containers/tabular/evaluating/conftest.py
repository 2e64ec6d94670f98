"""Models that answer with what a column of their rows says: what is judged is then known."""

import io
import json
import random
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from tests.containers.tabular.conftest import Csv, Outcome, Tabular, WriteSettings

SERVE = """#!/usr/bin/env python3
import csv, http.server, io, json, os, pathlib, sys
model = json.loads((pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"]) / "model/model.json").read_text())
if "exit" in model:
    sys.exit(model["exit"])
class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, media, text):
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.end_headers()
        self.wfile.write(text.encode())
    def do_GET(self):
        self.answer(200, "text/plain", "")
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        rows = list(csv.DictReader(io.StringIO(body, newline="")))
        print("batch of", len(rows), "rows of", ",".join(rows[0]), flush=True)
        said = [row[model["says"]] for row in rows][: model.get("most")]
        if "status" in model:
            self.answer(model["status"], "application/json", '{"error": "' + "no" * 400 + '"}')
        elif self.headers["Accept"] == "application/json" and "scores" in model:
            scores = [float(row[model["scores"]]) for row in rows]
            content = {"predictions": said, "probabilities": [[1 - score, score] for score in scores]}
            self.answer(200, "application/json", json.dumps({**content, "labels": model["labels"]}))
        else:
            text = io.StringIO()
            csv.writer(text).writerows([each] for each in said)
            self.answer(200, "text/csv; charset=utf-8", text.getvalue())
    def log_message(self, *_):
        pass
address = (os.environ["BIND_HOST"], int(os.environ["SAGEMAKER_BIND_TO_PORT"]))
http.server.ThreadingHTTPServer(address, Handler).serve_forever()
"""


DRAW = random.Random(4)  # noqa: S311 (no secret)


class Evaluate(Protocol):
    def __call__(
        self,
        rows: str,
        model: Mapping[str, Any],
        *options: str | Path,
        champion: Mapping[str, Any] | None = None,
        command: str = "evaluate",
        evaluate: Any = None,
        **texts: str,
    ) -> "Outcome": ...


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the PATH, with a `serve` whose model is the name of a column."""
    folder = tmp_path_factory.mktemp("image")
    (folder / "serve").write_text(SERVE)
    (folder / "serve").chmod(0o755)
    return folder


def pack(folder: Path, model: Mapping[str, Any]) -> Path:
    folder.mkdir(parents=True)
    content = json.dumps(model).encode()
    with tarfile.open(folder / "model.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("model.json")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return folder


@pytest.fixture
def evaluate(tabular: "Tabular", tmp_path: Path, image: Path, write_settings: "WriteSettings") -> Evaluate:
    """Evaluate a model on rows of CSV; the problem is a regression of `price` unless said otherwise."""
    runs = iter(range(100))

    def run(
        rows: str,
        model: Mapping[str, Any],
        *options: str | Path,
        champion: Mapping[str, Any] | None = None,
        command: str = "evaluate",
        evaluate: Any = None,
        **texts: str,
    ) -> "Outcome":
        base = tmp_path / f"evaluate-{next(runs)}"
        defaults = {"problem": "regression", "target": "price"}
        settings = write_settings(base, defaults | texts, evaluate=evaluate or {})
        (base / "test").mkdir()
        (base / "test/test.csv").write_text(rows, newline="")
        arguments = ["--model", pack(base / "model", model), "--test", base / "test", "--settings", settings]
        if champion:
            options = (*options, "--champion-model", pack(base / "champion", champion))
        if command == "evaluate" and "--champion-seen" not in options:  # it has learnt from other rows
            (base / "seen").mkdir()
            (base / "seen/seen.bin").touch()
            options = (*options, "--champion-seen", base / "seen")
        return tabular.command(base, [command, *arguments, "--output", base / "out", *options], image)

    return run


@pytest.fixture(scope="session")
def priced(csv_of: "Csv") -> str:
    """200 rows with their price, and what three models say of it: `worse` is twice as far off as `good`."""
    rows = []
    for number in range(200):
        price, error = 50 + number % 90, DRAW.gauss(0, 5)
        rows.append((number, price + error, price + 2 * error, price + DRAW.gauss(0, 5), price, "nan"))
    return csv_of(["number", "good", "worse", "other", "price", "nothing"], rows)


@pytest.fixture(scope="session")
def labelled(csv_of: "Csv") -> str:
    """200 rows with their label, what a model says, and with which score."""
    rows = []
    for number in range(200):
        label = "yes" if DRAW.random() < 0.3 else "no"
        score = min(max(0.3 + 0.4 * (label == "yes") + DRAW.gauss(0, 0.2), 0), 1)
        rows.append((number, "yes" if score > 0.5 else "no", score, "no", label))
    return csv_of(["number", "said", "score", "never", "label"], rows)
