"""A serving program of a container, run as a process and called over HTTP."""

import http.client
import json
import re
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def error(self) -> str:
        return str(json.loads(self.body)["error"])

    @property
    def values(self) -> list[float]:
        return [float(line) for line in self.text.splitlines()]


@dataclass(frozen=True)
class Server:
    process: "subprocess.Popen[str]"
    port: int
    log: list[str]

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)

    def open(self, *parts: bytes) -> socket.socket:
        """Connect and send bytes, whatever they are."""
        client = socket.create_connection(("127.0.0.1", self.port), TIMEOUT_SECONDS)
        for part in parts:
            client.sendall(part)
        return client

    def call(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}) -> Answer:
        connection = self.connect()
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer

    def post(self, body: str | bytes, content_type: str | None = "text/csv", **headers: str) -> Answer:
        content = body.encode() if isinstance(body, str) else body
        types = {} if content_type is None else {"Content-Type": content_type}
        return self.call("POST", "/invocations", content, {**types, **headers})

    def count(self, name: str) -> float:
        """Return one of the numbers of `GET /metrics`."""
        lines = (line.rpartition(" ") for line in self.call("GET", "/metrics").text.splitlines())
        return next(float(value) for found, _, value in lines if found == name)

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        pid = self.process.pid
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def serving(command: Sequence[str | Path], folder: Path, variables: Mapping[str, str]) -> Iterator[Server]:
    """Run a serving program at a port of its own choice, and end it."""
    process = subprocess.Popen(
        command,
        env={**variables, "BIND_HOST": "127.0.0.1", "SAGEMAKER_BIND_TO_PORT": "0"},
        cwd=folder,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stderr is not None
    lines = process.stderr
    log: list[str] = []
    reader = threading.Thread(target=lambda: log.extend(lines))  # a pipe that nobody reads stops who writes
    limit = threading.Timer(TIMEOUT_SECONDS, process.kill)  # reading its lines knows no time-out
    limit.start()
    try:
        listening = (re.search(r"http://[\d.]+:(\d+)", line) for line in lines)
        port = next(int(found[1]) for found in listening if found)
        limit.cancel()
        reader.start()
        yield Server(process, port, log)
    finally:
        limit.cancel()
        process.terminate()
        try:
            process.wait(TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if reader.ident is not None:
            reader.join()
        lines.close()
