"""HTTP to one instance: connections are kept open between requests, and shared by threads."""

import contextlib
import http.client
import select
import socket
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Answer:
    """What a container answered; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connections:
    """The open connections to one port; the one used last is used first."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: deque[http.client.HTTPConnection] = deque()  # append and pop are atomic

    def request(
        self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None, timeout: float
    ) -> Answer:
        """Send a request and read the whole answer.

        Args:
            method: GET or POST.
            path: for example /ping.
            body: of a POST.
            headers: the request's own.
            timeout: seconds that the container may be silent.

        Raises:
            TimeoutError: it was silent for longer.
            OSError, http.client.HTTPException: nobody listens, or the connection broke.
        """
        broken: Exception | None = None
        while True:
            connection = self._reusable()
            reused = connection is not None
            connection = connection or http.client.HTTPConnection(HOST, self._port)
            try:
                _set_timeout(connection, timeout)
                connection.request(method, path, body=body or None, headers=dict(headers or {}))
                return self._read(connection)
            except (ConnectionError, http.client.BadStatusLine) as error:
                connection.close()
                # A server may close a connection that is idle just as we send: it has not seen this request.
                if not reused:
                    raise broken or error from error
                broken = error
            except BaseException:
                connection.close()
                raise

    def close(self) -> None:
        """Close what is idle."""
        with contextlib.suppress(IndexError):
            while True:
                self._idle.pop().close()

    def _reusable(self) -> http.client.HTTPConnection | None:
        """Take an idle connection that the server has not closed."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was quicker
                return None
            poll = select.poll()
            poll.register(connection.sock, select.POLLIN)
            if not poll.poll(0):
                return connection
            connection.close()  # there is something to read before anything was asked: the end
        return None

    def _read(self, connection: http.client.HTTPConnection) -> Answer:
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        answer = Answer(response.status, headers, response.read())
        if response.will_close:
            connection.close()
        else:
            self._idle.append(connection)
        return answer


def _set_timeout(connection: http.client.HTTPConnection, seconds: float) -> None:
    connection.timeout = seconds
    if connection.sock is not None:
        connection.sock.settimeout(seconds)


def free_port() -> int:
    """Return a port that nobody has now; should another program take it first, what is started there ends."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
