import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from penstock.local.gateway.app import LostResponseError
from penstock.local.gateway.server import Server

_LONG_CALLS = 80


class Application:
    """Answers by the path of the request; `gate` holds up those that wait."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.waiting = threading.Semaphore(0)
        self.paths: dict[str, Callable[[Request], Response]] = {
            "/echo": lambda request: Response(request.get_data(), headers={"X-Path": request.environ["RAW_URI"]}),
            "/ignore": lambda _request: Response("no", status=400),
            "/nothing": lambda _request: Response(status=204),
            "/pieces": lambda _request: Response(iter(["one ", "", "two"])),
            "/lost": lambda _request: self._lose(),
            "/wrong": lambda _request: Response(str(1 // 0)),
            "/wait": self._wait,
        }

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        return self.paths[request.path](request)(environ, start_response)

    def _lose(self) -> Response:
        raise LostResponseError

    def _wait(self, _request: Request) -> Response:
        self.waiting.release()
        self.gate.wait(20)
        return Response("at last")


@pytest.fixture(scope="module")
def application() -> Application:
    return Application()


@pytest.fixture(scope="module")
def server(application: Application) -> Iterator[Server]:
    server = Server(application, port=0)
    yield server
    server.close()


@pytest.fixture
def client(server: Server) -> Iterator[http.client.HTTPConnection]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as client:
        yield client


def ask(client: http.client.HTTPConnection, method: str, path: str, **request: Any) -> tuple[int, bytes]:
    client.request(method, path, **request)
    response = client.getresponse()
    return response.status, response.read()


def test_a_connection_serves_one_request_after_another(client: http.client.HTTPConnection) -> None:
    assert ask(client, "POST", "/echo", body=b"first") == (200, b"first")
    connection = client.sock
    assert ask(client, "GET", "/echo?a=%2F") == (200, b"")
    assert ask(client, "DELETE", "/nothing") == (204, b"")
    assert ask(client, "POST", "/echo", body=b"last") == (200, b"last")
    assert client.sock is connection


def test_what_the_application_leaves_of_a_body_is_not_the_next_request(client: http.client.HTTPConnection) -> None:
    assert ask(client, "PUT", "/ignore", body=bytes(3_000_000)) == (400, b"no")
    assert ask(client, "POST", "/echo", body=b"next") == (200, b"next")


def test_an_upload_in_pieces_arrives_whole(client: http.client.HTTPConnection) -> None:
    body = (b"%d," % number for number in range(1000))
    status, echoed = ask(
        client, "PUT", "/echo", body=body, encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
    )
    assert (status, echoed.count(b",")) == (200, 1000)
    assert ask(client, "POST", "/echo", body=b"next") == (200, b"next")


def test_a_response_of_unknown_size_comes_in_pieces(client: http.client.HTTPConnection) -> None:
    client.request("GET", "/pieces")
    response = client.getresponse()
    assert (response.getheader("Transfer-Encoding"), response.read()) == ("chunked", b"one two")
    assert ask(client, "HEAD", "/pieces") == (200, b"")
    assert ask(client, "POST", "/echo", body=b"next") == (200, b"next")


def test_a_client_that_asks_first_is_told_to_send_its_body(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client, client.makefile("rb") as answer:
        client.sendall(b"PUT /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        assert answer.readline() == b"HTTP/1.1 100 Continue\r\n"
        client.sendall(b"body")
        assert (answer.readline(), answer.readline()) == (b"\r\n", b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("length", ["abc", "-1", "9" * 5_000])
def test_a_body_of_no_length_is_refused(server: Server, length: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(f"PUT /echo HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\nbody".encode())
        with client.makefile("rb") as answer:
            assert answer.readline().startswith(b"HTTP/1.1 400 ")
            assert b"Connection: close\r\n" in answer.read()


def test_a_client_that_closes_is_told_so(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client, client.makefile("rb") as answer:
        client.sendall(b"GET /pieces HTTP/1.0\r\n\r\n")
        told = answer.read()
    assert b"Connection: close" in told
    assert told.endswith(b"\r\n\r\none two")


@pytest.mark.parametrize("path", ["/lost", "/wrong"])
def test_an_application_that_raises_cuts_the_connection(client: http.client.HTTPConnection, path: str) -> None:
    with pytest.raises(http.client.RemoteDisconnected):
        ask(client, "POST", path, body=b"x")


def test_a_body_that_never_ends_holds_up_nobody(server: Server, client: http.client.HTTPConnection) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as stuck:
        stuck.sendall(b"PUT /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
        assert ask(client, "POST", "/echo", body=b"next") == (200, b"next")


def test_calls_that_take_long_hold_up_nobody(
    application: Application, server: Server, client: http.client.HTTPConnection
) -> None:
    answers: list[tuple[int, bytes]] = []

    def wait() -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as waiting:
            answers.append(ask(waiting, "GET", "/wait"))

    threads = [threading.Thread(target=wait) for _ in range(_LONG_CALLS)]
    for thread in threads:
        thread.start()
    assert all(application.waiting.acquire(timeout=20) for _ in threads)
    assert ask(client, "POST", "/echo", body=b"quick") == (200, b"quick")
    application.gate.set()
    for thread in threads:
        thread.join()
    assert answers == [(200, b"at last")] * _LONG_CALLS


def test_a_server_that_closes_ends_the_connections_that_wait() -> None:
    before = set(threading.enumerate())
    server = Server(Application(), port=0)
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as client:
        assert ask(client, "POST", "/echo", body=b"x") == (200, b"x")
        server.close()
        assert client.sock.recv(1) == b""
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive()
