"""One connection to the gateway: HTTP/1.1 requests, one after another, until the client closes it or falls silent."""

import logging
import re
from collections.abc import Iterable
from contextlib import closing
from http import HTTPStatus
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.wsgi import LimitedStream

from penstock.local.gateway.app import LostResponseError

_LOG = logging.getLogger(__name__)
_LENGTH = re.compile("[0-9]{1,18}")
_IDLE_SECONDS = 300
_PIECE_BYTES = 1 << 20
_WITHOUT_BODY = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


class Connection(MotoRequestHandler):  # type: ignore[misc]  # moto has no types
    """Serves requests with the server's application, and says nothing on the terminal.

    werkzeug's own handler closes the connection after each response, as it does not read what is left of a request.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = _IDLE_SECONDS
    wbufsize = -1  # buffered: a small response is one packet

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Leave logging to the record of calls."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  the base class's name
        """Say nothing of malformed requests either: the client is told."""

    def handle_one_request(self) -> None:
        """Wait for a request and serve it."""
        with self.server.idle(self.connection):
            self.rfile.peek(1)
        super().handle_one_request()
        self.close_connection |= self.server.closing

    def handle_expect_100(self) -> bool:
        """Ask for the body at once."""
        super().handle_expect_100()
        self.wfile.flush()
        return True

    def run_wsgi(self) -> None:
        """Call the application, send its response, and read what it has left of the request.

        Where the application raises an error, the connection is cut, and the client gets no answer.
        """
        environ = self.make_environ()
        if "HTTP_TRANSFER_ENCODING" not in environ:
            length = environ.get("CONTENT_LENGTH") or "0"
            if not _LENGTH.fullmatch(length):  # where the next request would begin, nobody knows
                self.send_error(HTTPStatus.BAD_REQUEST, "Content-Length is no number")
                return
            body = LimitedStream(self.rfile, int(length))
            environ |= {"wsgi.input": body, "wsgi.input_terminated": True}
        rest = environ["wsgi.input"]
        head: list[Any] = []
        try:
            pieces = self.server.app(environ, lambda status, headers, _error=None: head.extend([status, headers]))
            with closing(pieces):
                self._send(head[0], head[1], pieces)
            while rest.read(_PIECE_BYTES):
                pass
        except (LostResponseError, ConnectionError, TimeoutError):
            self.close_connection = True
        except Exception:
            self.close_connection = True
            _LOG.exception("%s %s", self.command, self.path)

    def _send(self, status: str, headers: list[tuple[str, str]], pieces: Iterable[bytes]) -> None:
        code = int(status[:3])
        sized = any(name.lower() == "content-length" for name, _ in headers)
        bare = self.command == "HEAD" or code in _WITHOUT_BODY
        chunked = not (sized or bare or self.request_version == "HTTP/1.0")
        self.close_connection |= not (sized or bare or chunked)
        self.send_response(code, status[4:])
        for name, value in headers:
            self.send_header(name, value)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        for piece in pieces:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked and piece else piece)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()
