"""A process of `serve`, and HTTP to it: each request on a connection of its own."""

import contextlib
import csv
import http.client
import io
import json
import select
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from penstock.contract.check import BreachError
from penstock.contract.job import end_of
from penstock.contract.limits import Limits
from penstock.local.programs.process import Process
from penstock.local.services.sagemaker.connections import HOST, Answer

CSV, JSON = "text/csv", "application/json"
_POLL_SECONDS = 0.02
_CHUNK = 64 * 1024
_PATIENCE_SECONDS = 0.2  # for an answer to the header alone


@dataclass(frozen=True)
class Server:
    """A process that listens, or is about to."""

    process: Process
    port: int
    log: Path
    limits: Limits

    def wait_until_ready(self) -> None:
        """Wait for /ping to be 200.

        Raises:
            BreachError: it ended, or never was.
        """
        deadline = time.monotonic() + self.limits.start_serve
        while time.monotonic() < deadline:
            if self.pings():
                return
            if (code := self.process.poll()) is not None:
                found = f"it ended with exit code {code}; the end of its log: {end_of(self.log)}"
                break
            time.sleep(_POLL_SECONDS)
        else:
            found = f"not in {self.limits.start_serve:g} s; the end of its log: {end_of(self.log)}"
        raise BreachError(
            "`serve` to listen at BIND_HOST and SAGEMAKER_BIND_TO_PORT, and to answer GET /ping with 200",
            found,
            "Load the model from model/ below SAGEMAKER_BASE_DIR, then listen there.",
        )

    def pings(self) -> bool:
        """Tell whether /ping is 200."""
        try:
            return self.call("GET", "/ping", timeout=self.limits.ping).status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False

    def call(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] = {}, *, timeout: float
    ) -> Answer:
        """Send a request and read the whole answer; a large body is sent until the answer begins.

        Raises:
            OSError, http.client.HTTPException: there is no answer.
        """
        with contextlib.closing(http.client.HTTPConnection(HOST, self.port, timeout=timeout)) as connection:
            connection.putrequest(method, path)
            for name, value in ({"Content-Length": str(len(body))} | dict(headers)).items():
                connection.putheader(name, value)
            connection.endheaders()
            send(connection.sock, body)
            response = connection.getresponse()
            lowered = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, lowered, response.read())

    def post(self, body: str | bytes, content_type: str | None = CSV, accept: str = CSV) -> Answer:
        """Ask for predictions.

        Raises:
            BreachError: there is no answer.
        """
        content = body.encode() if isinstance(body, str) else body
        headers = {"Accept": accept} | ({"Content-Type": content_type} if content_type is not None else {})
        try:
            return self.call("POST", "/invocations", content, headers, timeout=self.limits.answer)
        except (OSError, http.client.HTTPException) as error:
            raise BreachError(
                f"POST /invocations to be answered within {self.limits.answer:g} s",
                f"{type(error).__name__}: {error}; the end of its log: {end_of(self.log)}",
                "Answer every request, also one that cannot be served: with a status and a reason.",
            ) from error

    def predict(self, body: str | bytes, content_type: str = CSV, accept: str = CSV) -> list[str]:
        """Return the predictions for rows, as text.

        Raises:
            BreachError: there are none.
        """
        return predictions(self.post(body, content_type, accept), accept)


def send(sock: socket.socket, body: bytes) -> None:
    """Send a body, or as much of it as is taken before an answer comes: to one that is too large it comes early."""
    with contextlib.suppress(ConnectionError):
        for start in range(0, len(body), _CHUNK):
            wait = _PATIENCE_SECONDS if start == 0 and len(body) > _CHUNK else 0
            if select.select([sock], [], [], wait)[0]:
                return
            sock.sendall(body[start : start + _CHUNK])


def predictions(answer: Answer, accept: str) -> list[str]:
    """Return what an answer predicts, as text.

    Raises:
        BreachError: it is no answer of this type, or not 200.
    """
    text = answer.body.decode("utf-8", errors="replace")
    if answer.status != http.client.OK:
        raise BreachError(
            "the status 200", f"{answer.status}: {text[:200]}", "Answer rows of the columns that were learnt from."
        )
    if accept == CSV:
        return [row[0] for row in csv.reader(io.StringIO(text)) if row]
    with contextlib.suppress(ValueError, KeyError, TypeError):
        return [as_text(value) for value in json.loads(text)["predictions"]]
    raise BreachError(
        '{"predictions": [...]}, with a prediction for each row', text[:200], f"Answer Accept: {JSON} in that form."
    )


def as_text(value: Any) -> str:
    """Return a value of JSON as CSV would have it."""
    return value if isinstance(value, str) else json.dumps(value)


def instances(rows: Sequence[Sequence[str]], columns: Mapping[str, str]) -> str:
    """Return rows as a request in JSON: numbers as numbers, missing ones as null."""
    objects: Iterator[dict[str, Any]] = (
        {
            name: (float(cell) if cell else None) if kind == "number" else cell
            for (name, kind), cell in zip(columns.items(), row, strict=True)
        }
        for row in rows
    )
    return json.dumps({"instances": list(objects)})
