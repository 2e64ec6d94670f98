"""The gateway's HTTP server: one port on the loopback interface, a thread a connection.

Not a pool of threads: a call may wait for a function, whose own calls then need threads that the pool has no more.
"""

import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from werkzeug.serving import ThreadedWSGIServer

from penstock.errors import CloudError
from penstock.local.gateway.connection import Connection

_HIGHEST_PORT = 65_535


class _Listener(ThreadedWSGIServer):
    """Accepts connections, and knows which of them wait for a request."""

    daemon_threads = True

    def __init__(self, application: Any, listening: socket.socket) -> None:
        host, port = listening.getsockname()
        super().__init__(host, port, application, Connection, fd=listening.fileno())
        self.closing = False
        self._waiting: set[socket.socket] = set()
        self._lock = threading.Lock()

    @contextmanager
    def idle(self, connection: socket.socket) -> Iterator[None]:
        """Mark a connection as one that waits for a request: it ends when the server closes."""
        with self._lock:
            self._waiting.add(connection)
            if self.closing:
                _end(connection)
        try:
            yield
        finally:
            with self._lock:
                self._waiting.discard(connection)

    def end_waiting(self) -> None:
        """End the connections that wait for a request; the others end with their response."""
        with self._lock:
            self.closing = True
            for connection in self._waiting:
                _end(connection)


class Server:
    """Serves a WSGI application on 127.0.0.1 until it is closed."""

    def __init__(self, application: Any, *, port: int) -> None:
        """Listen at once; port 0 takes a free one.

        Raises:
            CloudError: the port is taken or not allowed.
        """
        # werkzeug prints and exits where a port is taken: it is handed a socket that listens already.
        with _listen(port) as listening:
            self._listener = _Listener(application, listening)
        self.port = int(self._listener.socket.getsockname()[1])
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True, name="gateway")
        self._thread.start()

    def close(self) -> None:
        """Stop listening, and end the connections that wait; those that are being served end with their response."""
        self._listener.shutdown()
        self._listener.server_close()
        self._listener.end_waiting()
        self._thread.join()


def _listen(port: int) -> socket.socket:
    if not 0 <= port <= _HIGHEST_PORT:
        raise CloudError(f"Port {port} cannot be used: ports go from 1 to {_HIGHEST_PORT}, and 0 takes a free one.")
    try:
        return socket.create_server(("127.0.0.1", port), backlog=128)
    except OSError as error:
        reason = "another program listens there" if getattr(error, "errno", 0) == errno.EADDRINUSE else str(error)
        raise CloudError(
            f"Port {port} cannot be used: {reason}. Choose another one with --port, or end that program"
            f" (`lsof -i :{port}` shows it)."
        ) from error


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
