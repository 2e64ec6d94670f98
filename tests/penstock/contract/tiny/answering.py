"""Serves what learning.py has learnt."""

import csv
import hashlib
import io
import json
import math
import os
import signal
import threading
from bisect import bisect
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

LARGEST = 6 * 1024 * 1024
MODEL = Path(os.environ["SAGEMAKER_BASE_DIR"]) / "model"


class RefusedError(Exception):
    """A request that cannot be answered."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def main() -> int:
    if not (MODEL / "model.json").exists():
        return 1
    text = (MODEL / "model.json").read_bytes()
    if hashlib.sha256(text).hexdigest() != (MODEL / "sha256").read_text(errors="replace"):
        return 1
    address = (os.environ["BIND_HOST"], int(os.environ["SAGEMAKER_BIND_TO_PORT"]))
    server = Server(address, Handler)
    server.model = json.loads(text)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.02)
    server.server_close()
    return 0


class Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing it waits for the requests
    request_queue_size = 100
    model: dict[str, Any]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.answer(200, "")

    def do_POST(self) -> None:
        try:
            rows = self.rows()
            predictions = [self.predict(row) for row in rows]
        except RefusedError as error:
            self.answer(error.status, json.dumps({"error": str(error)}))
        else:
            if self.headers["Accept"] == "application/json":
                values = [float(value) if is_number(value) else value for value in predictions]
                self.answer(200, json.dumps({"predictions": values}))
            else:
                self.answer(200, "".join(f"{value}\n" for value in predictions))

    def rows(self) -> list[list[str]]:
        media = (self.headers["Content-Type"] or "").partition(";")[0]
        if media not in {"text/csv", "application/json"}:
            raise RefusedError("Send CSV.", 415)
        length = int(self.headers["Content-Length"])
        if length > LARGEST:
            raise RefusedError("Send less.", 413)
        try:
            text = self.rfile.read(length).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise RefusedError("Send UTF-8.") from error
        rows = from_json(text) if media == "application/json" else list(csv.reader(io.StringIO(text)))
        if rows and rows[0] == list(self.server.model["columns"]):
            del rows[0]
        if not rows:
            raise RefusedError("Send rows.")
        return rows

    def predict(self, row: list[str]) -> str:
        if len(row) != len(self.server.model["columns"]):
            raise RefusedError("A row is ragged.")
        if row[0] and not is_number(row[0]):
            raise RefusedError("A size is no number.")
        known = self.server.model["rows"]
        place = bisect(known, [float(row[0] or 10)])
        return str(known[min(place, len(known) - 1)][1])

    def answer(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


def from_json(text: str) -> list[list[str]]:
    try:
        instances = json.loads(text)["instances"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RefusedError("Send rows as JSON.") from error
    return [["" if cell is None else str(cell) for cell in row.values()] for row in instances]


def is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
