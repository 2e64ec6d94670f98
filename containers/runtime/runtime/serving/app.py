"""The HTTP application of SageMaker's serving contract, as plain ASGI: a framework costs more than the rest of it."""

import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any, NamedTuple

from runtime.errors import RequestError
from runtime.model import Model
from runtime.serving.answering import Answering
from runtime.serving.board import Board, count
from runtime.serving.formats import TYPES
from runtime.serving.media import accepted, media_type
from runtime.serving.metrics import written

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MODEL_HEADER = b"x-amzn-sagemaker-custom-attributes"  # InvokeEndpoint hands this one on to the client
CELL_BYTES = 2  # the least that a value and what separates it from the next take in a text
BODIES = 16  # of the largest size, may be in memory at once
REQUESTS = 1024  # may be worked on at once
PATHS = {
    "/ping": "GET",
    "/invocations": "POST",
    "/execution-parameters": "GET",
    "/metrics": "GET",
}

log = logging.getLogger("serving")


class _ClientLeftError(Exception):
    """Nobody waits for the answer any more."""


class Answer(NamedTuple):
    """An answer, and how many rows were predicted for it."""

    status: int
    media: bytes
    body: bytes
    rows: int = 0
    headers: tuple[tuple[bytes, bytes], ...] = ()


class App:
    """The application of one worker."""

    def __init__(self, model: Model, *, max_body: int, board: Board, worker: int) -> None:
        self._answering = Answering(model, max_body // CELL_BYTES)
        self._max_body = max_body
        self._board = board
        self._counts = board.row(worker)
        self._model_header = ((MODEL_HEADER, f"model={model.name}".encode()),)
        self._requests = self._bytes = 0

    def try_out(self) -> None:
        """Predict once."""
        self._answering.try_out()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request; whatever happens, in JSON if it is an error."""
        started = time.perf_counter()
        path = scope["path"]
        self._requests += 1
        try:
            if path == "/invocations" and scope["method"] == "POST":
                answer = await self._invocations(scope["headers"], receive)
            else:
                answer = await self._others(scope["method"], path)
        except RequestError as error:
            answer = _error(str(error), error.status)
        except _ClientLeftError:
            return
        except Exception:
            log.exception("A request failed.")
            answer = _error("The model failed on this request; the endpoint's log says why.", 500)
        finally:
            self._requests -= 1
        if path == "/invocations":
            count(self._counts, answer.status, time.perf_counter() - started, answer.rows)
        await _send(answer, send)

    async def _invocations(self, headers: list[tuple[bytes, bytes]], receive: Receive) -> Answer:
        content_type = accept = b""
        length = 0
        for name, value in headers:
            if name == b"content-type":
                content_type = value
            elif name == b"accept":
                accept = accept + b"," + value if accept else value
            elif name == b"content-length":
                length = int(value)
            elif name == b"content-encoding" and value.lower() != b"identity":
                raise RequestError("Send the body as it is: a Content-Encoding is not supported.", 415)
        media = media_type(content_type.decode("latin-1"), TYPES)
        answer = accepted(accept.decode("latin-1"), media.name, TYPES)
        self._check_size(length)
        if self._requests > REQUESTS:
            raise _busy()
        body, more = bytearray(), True
        try:
            while more:
                part, more = await _part(receive)
                body += part
                self._bytes += len(part)
                self._check_size(len(body))
                if self._bytes > BODIES * self._max_body:
                    raise _busy()
            content, rows = await self._answering.answer(bytes(body), media, answer)
        finally:
            self._bytes -= len(body)
        return Answer(200, answer.encode(), content, rows, self._model_header)

    def _check_size(self, size: int) -> None:
        if size > self._max_body:
            raise RequestError(f"Send fewer rows at a time: the body is over {self._max_body:,} bytes.", 413)

    async def _others(self, method: str, path: str) -> Answer:
        if PATHS.get(path) != method:
            status = HTTPStatus.METHOD_NOT_ALLOWED if path in PATHS else HTTPStatus.NOT_FOUND
            return _error(f"{method} {path} is not served; GET /ping and POST /invocations are.", status)
        if path == "/metrics":
            return Answer(200, b"text/plain; version=0.0.4", written(self._board).encode())
        if path == "/execution-parameters":
            return _json(
                {
                    "MaxConcurrentTransforms": self._board.workers,
                    "BatchStrategy": "MULTI_RECORD",
                    "MaxPayloadInMB": self._max_body // 2**20,
                }
            )
        await self._answering.ping()
        return Answer(200, b"text/plain", b"")


async def _part(receive: Receive) -> tuple[bytes, bool]:
    """Return the next part of a body, and whether there are more.

    Raises:
        _ClientLeftError: the client left before it had sent all of it.
    """
    message = await receive()
    if message["type"] != "http.request":
        raise _ClientLeftError
    return message["body"], message["more_body"]


async def _send(answer: Answer, send: Send) -> None:
    headers = [
        (b"content-type", answer.media),
        (b"content-length", b"%d" % len(answer.body)),
        *answer.headers,
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def _json(content: object, status: int = 200) -> Answer:
    return Answer(status, b"application/json", json.dumps(content).encode())


def _error(message: str, status: int) -> Answer:
    answer = _json({"error": message}, status)
    retry = ((b"retry-after", b"1"),) if status == HTTPStatus.SERVICE_UNAVAILABLE else ()
    return answer._replace(headers=retry)


def _busy() -> RequestError:
    return RequestError("Try again in a second: as many requests as there is memory for are being worked on.", 503)
