"""Clients that keep the server waiting, or talk to it in another way than they should."""

from __future__ import annotations

import json
import resource
import select
import socket
import time
from typing import TYPE_CHECKING

import pytest

from waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from served import Server
    from tests.containers.runtime.serving.conftest import Serve

POST = b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
WHOLE = POST + b"Content-Length: 5\r\n\r\n1,red"


@pytest.fixture(scope="module")
def hasty(serve: Serve) -> Iterator[Server]:
    """A server whose minutes are seconds."""
    seconds = {"HEAD_SECONDS": 0.5, "BODY_SECONDS": 1.5, "IDLE_SECONDS": 2.5}
    with serve({"SECONDS": json.dumps(seconds), "SAGEMAKER_MODEL_SERVER_WORKERS": "1"}) as running:
        yield running


def everything(client: socket.socket) -> bytes:
    """Read until the other side closes."""
    parts = []
    while part := client.recv(65536):
        parts.append(part)
    client.close()
    return b"".join(parts)


def test_a_head_that_never_ends_is_not_waited_for(hasty: Server) -> None:
    clients = [hasty.open(POST) for _ in range(200)]
    started = time.monotonic()
    assert hasty.call("GET", "/ping").status == 200
    assert time.monotonic() - started < 2
    answers = [everything(client) for client in clients]
    assert all(answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n") for answer in answers)
    assert json.loads(answers[0].partition(b"\r\n\r\n")[2])["error"].startswith("Send the head of a request within")


def test_a_body_that_never_ends_is_not_waited_for(hasty: Server) -> None:
    answer = everything(hasty.open(POST + b"Content-Length: 5\r\n\r\n1,"))
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert answer.endswith(b'{"error": "Send the whole request within 1.5 seconds."}')


def test_a_connection_that_never_says_anything_is_closed(hasty: Server) -> None:
    assert everything(hasty.open()) == b""


def test_so_is_one_whose_request_was_refused_before_it_had_come(hasty: Server) -> None:
    client = hasty.open(POST + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n")
    assert client.recv(4096).startswith(b"HTTP/1.1 415 Unsupported Media Type\r\n")
    client.sendall(b"1,red")
    client.settimeout(20)
    assert everything(client) == b""


def test_a_thousand_idle_connections_hold_nobody_up(server: Server) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    clients = [server.open() for _ in range(1000)]
    assert server.post("1,red").values == [13]
    for client in clients:
        client.close()


def test_a_head_of_any_length_is_not_read(server: Server) -> None:
    lines = b"".join(b"X-%d: %s\r\n" % (number, b"x" * 1000) for number in range(100))
    client = server.open(POST, lines)
    assert client.recv(4096).startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    client.close()


@pytest.mark.parametrize("line", [b"X: y\r\n", b"X" * 6])
def test_what_follows_the_last_chunk_has_a_bound_too(server: Server, line: bytes) -> None:
    client = server.open(POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\n1,red\r\n0\r\n")
    for _ in range(100):
        client.sendall(line * 2000)
        if select.select([client], [], [], 0.01)[0]:  # waited for, as what is not read when it closes resets it
            break
    assert client.recv(4096).startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    client.close()


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n1,red",
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n1,red",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n1,red",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_what_is_not_http(server: Server, request_: bytes) -> None:
    answer = everything(server.open(request_))
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert json.loads(answer.partition(b"\r\n\r\n")[2]) == {"error": "Invalid HTTP request received."}


def test_requests_one_after_the_other_without_waiting(server: Server) -> None:
    client = server.open(WHOLE * 3 + WHOLE.replace(b"Host: x", b"Connection: close"))
    assert everything(client).count(b"13.0\n") == 4


def test_chunks_of_a_byte(server: Server) -> None:
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in b"1,red")
    client = server.open(POST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n", chunks, b"0\r\n\r\n")
    assert everything(client).endswith(b"13.0\n")


def test_a_client_that_asks_whether_to_go_on(server: Server) -> None:
    client = server.open(POST + b"Expect: 100-continue\r\nConnection: close\r\nContent-Length: 5\r\n\r\n")
    assert client.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
    client.sendall(b"1,red")
    assert everything(client).endswith(b"13.0\n")


@pytest.mark.parametrize("protocol", [b"websocket", b"h2c"])
def test_a_client_that_asks_for_another_protocol(server: Server, protocol: bytes) -> None:
    header = b"Connection: Upgrade\r\nUpgrade: " + protocol
    answer = everything(server.open(WHOLE.replace(b"Host: x", header)))
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert answer.endswith(b'{"error": "Send the request without the header Upgrade: this is HTTP/1.1 only."}')
    # Nothing else of such a client would be understood: it has to connect again.
    assert everything(server.open(b"GET /ping HTTP/1.1\r\n" + header + b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_client_that_leaves(server: Server) -> None:
    before = server.count('serving_requests_total{status="500"}')
    server.open(POST + b"Content-Length: 5\r\n\r\n1,").close()
    server.open(POST + b"Content-Length: 5\r\n\r\n1,r").close()
    assert server.post("1,red").status == 200
    assert server.count('serving_requests_total{status="500"}') == before


def test_more_requests_than_there_is_memory_for(serve: Serve) -> None:
    with serve({"MAX_BODY_MB": "1", "SAGEMAKER_MODEL_SERVER_WORKERS": "1"}) as server:
        head = POST + b"Content-Length: 1048576\r\n\r\n"
        clients = [server.open(head, b"1" * (1024 * 1024 - 1)) for _ in range(16)]
        until(lambda: server.post(b"1" * 100_000).status == 503)
        answer = server.post(b"1" * 100_000)
        for client in clients:
            client.close()
        assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
        assert answer.error.startswith("Try again in a second: ")
        until(lambda: server.post("1,red").status == 200)
