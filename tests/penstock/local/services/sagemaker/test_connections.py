import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from penstock.local.services.sagemaker.connections import Connections

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\n%s\r\nok"
Serve = Callable[[socket.socket], None]


@pytest.fixture
def listen() -> Iterator[Callable[[Serve], Connections]]:
    """A server that hands each connection to a function."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept(serve: Serve) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                serve(connection)

    def listen(serve: Serve) -> Connections:
        threading.Thread(target=accept, args=(serve,), daemon=True).start()
        return Connections(listener.getsockname()[1])

    yield listen
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def answering(times: int, headers: bytes = b"") -> tuple[Serve, list[bytes]]:
    """Answer so many requests on each connection; the second value collects the first request of each."""
    firsts: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        for number in range(times):
            request = connection.recv(65536)
            if number == 0:
                firsts.append(request)
            connection.sendall(ANSWER % headers)

    return serve, firsts


def test_an_answer_has_status_headers_and_body(listen: Callable[[Serve], Connections]) -> None:
    connections = listen(answering(1)[0])
    answer = connections.request("GET", "/ping", timeout=5)
    assert (answer.status, answer.headers["x-a"], answer.body) == (200, "1", b"ok")
    connections.close()


def test_a_connection_is_used_again(listen: Callable[[Serve], Connections]) -> None:
    serve, firsts = answering(3)
    connections = listen(serve)
    for _ in range(3):
        connections.request("GET", "/ping", timeout=5)
    assert len(firsts) == 1
    connections.close()


def test_a_connection_that_the_server_has_closed_meanwhile_is_replaced(
    listen: Callable[[Serve], Connections],
) -> None:
    serve, firsts = answering(1)
    connections = listen(serve)
    for _ in range(3):
        assert connections.request("GET", "/ping", timeout=5).body == b"ok"
        time.sleep(0.02)  # until the server has closed its end
    assert len(firsts) == 3
    connections.close()


def test_a_connection_that_the_server_closes_just_as_we_send_is_replaced(
    listen: Callable[[Serve], Connections],
) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(ANSWER % b"")
        connection.recv(65536)  # and no answer

    connections = listen(serve)
    for _ in range(3):
        assert connections.request("GET", "/ping", timeout=5).body == b"ok"
    connections.close()


def test_a_server_that_has_gone_is_told_from_one_that_breaks_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connections = Connections(listener.getsockname()[1])

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(ANSWER % b"")

        thread = threading.Thread(target=serve)
        thread.start()
        connections.request("GET", "/ping", timeout=5)
        thread.join()
    with pytest.raises(ConnectionRefusedError):
        connections.request("GET", "/ping", timeout=5)


def test_a_server_that_dies_under_a_request_has_seen_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connections = Connections(listener.getsockname()[1])

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(ANSWER % b"")
                connection.recv(65536)
                listener.close()

        thread = threading.Thread(target=serve)
        thread.start()
        connections.request("GET", "/ping", timeout=5)
        with pytest.raises(http.client.RemoteDisconnected):
            connections.request("GET", "/ping", timeout=5)
        thread.join()


def test_a_connection_that_is_to_be_closed_is_not_kept(listen: Callable[[Serve], Connections]) -> None:
    serve, firsts = answering(1, b"Connection: close\r\n")
    connections = listen(serve)
    for _ in range(2):
        connections.request("GET", "/ping", timeout=5)
    assert len(firsts) == 2


def test_a_new_connection_that_breaks_is_an_error(listen: Callable[[Serve], Connections]) -> None:
    connections = listen(lambda _: None)
    with pytest.raises(ConnectionError):
        connections.request("GET", "/ping", timeout=5)


def test_silence_is_a_timeout(listen: Callable[[Serve], Connections]) -> None:
    connections = listen(lambda _: time.sleep(1))
    with pytest.raises(TimeoutError):
        connections.request("GET", "/ping", timeout=0.05)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        Connections(port).request("GET", "/ping", timeout=5)
