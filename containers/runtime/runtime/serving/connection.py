"""One client's connection: uvicorn's, with limits to what a client may make us wait for and keep in memory."""

import asyncio
import json
from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import unquote

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from runtime.serving.cycle import Cycle

HEAD_SECONDS = 30  # from the first byte of a request to the end of its head
BODY_SECONDS = 60  # from the first byte of a request to its last; InvokeEndpoint itself waits no longer
HEAD_BYTES = 64 * 1024
IDLE_SECONDS = 75  # longer than the callers' own limit: a connection must not close as a request sets out on it
LAST_SECONDS = 0.5  # for a request that set out as we were told to end


class Connection(HttpToolsProtocol):
    """A connection that is closed when it has kept us waiting for too long; `close_late` does so, now and then."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._since = self.loop.time()  # the request's first byte; before that, the connection's beginning
        self._head_bytes = 0
        self._waits_for = "request"  # then its head, its body, and nothing while we are at work
        self._ending = False

    def data_received(self, data: bytes) -> None:
        """Read what has come."""
        if self._waits_for == "body":  # a chunk's extensions and what follows the last chunk are kept in memory, too
            self._head_bytes += len(data)
        super().data_received(data)
        if self._waits_for == "head":
            self._head_bytes += len(data)
        if self._head_bytes > HEAD_BYTES and self._waits_for:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "Send a shorter head.")

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._since, self._head_bytes, self._waits_for = self.loop.time(), 0, "head"

    def on_headers_complete(self) -> None:
        """Start working on a request, or have it wait for the one before."""
        upgrade = self.parser.should_upgrade()  # then the parser takes all that follows for another protocol's
        if upgrade and self.parser.get_method() == b"POST":
            self._refuse(HTTPStatus.BAD_REQUEST, "Send the request without the header Upgrade: this is HTTP/1.1 only.")
            raise httptools.HttpParserError
        self._waits_for, self._head_bytes = "body", 0
        version = self.parser.get_http_version()
        self.scope["method"] = self.parser.get_method().decode("ascii")
        self.scope["http_version"] = version
        self.scope["path"] = unquote(httptools.parse_url(self.url).path.decode("ascii"))
        before = self.cycle
        self.cycle = Cycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=version != "1.0" and self.parser.should_keep_alive() and not (self._ending or upgrade),
            on_response=self.on_response_complete,
        )
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def on_body(self, body: bytes) -> None:
        """Have a part of the body."""
        self._head_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Have all of a request."""
        super().on_message_complete()
        self._waits_for = ""
        if self.cycle.response_complete:  # it was refused before all of it had come
            self._since, self._waits_for = self.loop.time(), "request"

    def on_response_complete(self) -> None:
        """Go on to the next request, if it is there; uvicorn would set and cancel a timer for each."""
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif not self._waits_for:
            self._since, self._waits_for = self.loop.time(), "request"

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP."""
        self._refuse(HTTPStatus.BAD_REQUEST, msg)

    def close_if_late(self, now: float) -> None:
        """Close the connection if it has kept us waiting for too long; also if its client does not read its answer."""
        waited = now - self._since
        if self._waits_for == "request" and waited > IDLE_SECONDS:
            if self.transport.get_write_buffer_size():
                self.transport.abort()
            self.transport.close()
        elif self._waits_for == "head" and waited > HEAD_SECONDS:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, f"Send the head of a request within {HEAD_SECONDS} seconds.")
        elif self._waits_for == "body" and waited > BODY_SECONDS:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, f"Send the whole request within {BODY_SECONDS} seconds.")

    def shutdown(self) -> None:
        """End with the answer to the request that is being worked on, or to one that is on its way to us."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.keep_alive = False
            return
        self._ending = True
        self.loop.call_later(LAST_SECONDS, self._close_if_idle)

    def _close_if_idle(self) -> None:
        if self._waits_for not in {"head", "body"} and (self.cycle is None or self.cycle.response_complete):
            self.transport.close()

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        """Answer in place of the application, unless it has begun to, and close."""
        self._waits_for = ""
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            body = json.dumps({"error": message}).encode()
            head = f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: application/json\r\nconnection: close\r\n"
            self.transport.write(head.encode() + b"content-length: %d\r\n\r\n" % len(body) + body)
        self.transport.close()


def close_late(state: ServerState, now: float) -> None:
    """Close the connections that have kept us waiting for too long."""
    connections: Iterable[Connection] = list(state.connections)  # type: ignore[arg-type]
    for connection in connections:
        connection.close_if_late(now)
