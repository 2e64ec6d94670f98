"""The gateway's HTTP server: one port on the loopback interface, a thread a request."""

import errno
import socket
import threading
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

from penstock.errors import CloudError

_IDLE_SECONDS = 60
_HIGHEST_PORT = 65_535


class _Handler(MotoRequestHandler):  # type: ignore[misc]  # moto has no types
    """Says nothing on the terminal."""

    timeout = _IDLE_SECONDS

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  the base class's name
        """Leave logging to the record of calls."""


class Server:
    """Serves a WSGI application on 127.0.0.1 until it is closed."""

    def __init__(self, application: Any, *, port: int) -> None:
        """Listen at once; port 0 takes a free one.

        Raises:
            CloudError: the port is taken or not allowed.
        """
        self._server = _listen(application, port)
        self.port = int(self._server.socket.getsockname()[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True, name="gateway")
        self._thread.start()

    def close(self) -> None:
        """Stop listening; connections that are being served end with the process."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _listen(application: Any, port: int) -> BaseWSGIServer:
    if not 0 <= port <= _HIGHEST_PORT:
        raise CloudError(f"Port {port} cannot be used: ports go from 1 to {_HIGHEST_PORT}, and 0 takes a free one.")
    # werkzeug prints and exits where a port is taken: it is handed a socket that listens already.
    try:
        listening = socket.create_server(("127.0.0.1", port), backlog=128)
    except OSError as error:
        reason = "another program listens there" if getattr(error, "errno", 0) == errno.EADDRINUSE else str(error)
        raise CloudError(
            f"Port {port} cannot be used: {reason}. Choose another one with --port, or end that program"
            f" (`lsof -i :{port}` shows it)."
        ) from error
    with listening:
        server = make_server(
            "127.0.0.1", port, application, threaded=True, request_handler=_Handler, fd=listening.fileno()
        )
    server.daemon_threads = True  # type: ignore[attr-defined]
    return server
