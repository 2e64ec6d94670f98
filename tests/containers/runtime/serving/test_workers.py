"""The processes: how they start, are replaced, and end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from served import TIMEOUT_SECONDS
from tests.containers.runtime.serving.conftest import HERE, variables_of
from waiting import until

if TYPE_CHECKING:
    from served import Server
    from tests.containers.runtime.serving.conftest import Serve


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def run(environment: Path, base: Path, **more: str) -> subprocess.CompletedProcess[str]:
    variables = {**variables_of(environment, base), "BIND_HOST": "127.0.0.1", **more}
    return subprocess.run(
        [HERE / "serve"], env=variables, capture_output=True, encoding="utf-8", timeout=TIMEOUT_SECONDS, check=False
    )


@pytest.mark.parametrize(
    ("content", "variables", "error"),
    [
        (None, {}, "Deploy a model: [Errno 2] "),
        ("{", {}, "Deploy a model: Expecting property name"),
        ("{}", {"SAGEMAKER_BIND_TO_PORT": "http"}, "Set SAGEMAKER_BIND_TO_PORT to a port number: it is 'http'.\n"),
        ("{}", {"SAGEMAKER_BIND_TO_PORT": "65536"}, "Set SAGEMAKER_BIND_TO_PORT to a port number: it is 65536.\n"),
        ("{}", {"MAX_BODY_MB": "-1"}, "Set MAX_BODY_MB to a whole number: it is '-1'.\n"),
        ("{}", {"BIND_HOST": "192.0.2.1"}, "Set SAGEMAKER_BIND_TO_PORT or BIND_HOST to what is free: 192.0.2.1:8080"),
    ],
)
def test_what_cannot_be_served_ends_with_the_reason(
    runtime_environment: Path, tmp_path: Path, content: str | None, variables: dict[str, str], error: str
) -> None:
    (tmp_path / "model").mkdir()
    if content is not None:
        (tmp_path / "model/settings.json").write_text(content)
    done = run(runtime_environment, tmp_path, **variables)
    assert done.returncode == 1
    assert done.stderr.startswith(error)
    assert "Traceback" not in done.stderr


def test_a_model_that_cannot_predict_is_not_served(runtime_environment: Path, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model/settings.json").write_text('{"broken": true}')
    done = run(runtime_environment, tmp_path)
    assert done.returncode == 1
    assert "ValueError: broken" in done.stderr
    assert "http://" not in done.stderr  # it never listens


def test_another_server_at_the_port_is_noticed(runtime_environment: Path, server: Server, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model/settings.json").write_text("{}")
    done = run(runtime_environment, tmp_path, SAGEMAKER_BIND_TO_PORT=str(server.port))
    assert done.returncode == 1
    assert "Address already in use" in done.stderr


def test_it_listens_at_bind_host_only(server: Server) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server.port), timeout=5)


def test_a_worker_a_core_unless_told_otherwise(serve: Serve) -> None:
    with serve({"SAGEMAKER_MODEL_SERVER_WORKERS": "3"}) as server:
        assert server.call("GET", "/ping").status == 200
        assert len(server.workers()) == 3
        assert json.loads(server.call("GET", "/execution-parameters").text) == {
            "MaxConcurrentTransforms": 3,
            "BatchStrategy": "MULTI_RECORD",
            "MaxPayloadInMB": 6,
        }


def test_counts_are_of_all_workers(serve: Serve) -> None:
    with serve() as server:
        for _ in range(20):
            server.post("1,red\n2,red\n")
        server.post("large,red\n")
        assert server.count('serving_requests_total{status="200"}') == 20
        assert server.count('serving_requests_total{status="400"}') == 1
        assert server.count('serving_request_seconds_bucket{le="+Inf"}') == 21
        assert server.count("serving_rows_total") == 40
        assert server.count("serving_workers") == server.count("serving_worker_starts_total") == 2


def test_a_worker_that_is_killed_is_replaced(serve: Serve) -> None:
    with serve() as server:
        assert server.call("GET", "/ping").status == 200
        before = server.workers()
        os.kill(before[0], signal.SIGKILL)
        for _ in range(10):
            assert server.call("GET", "/ping").status == 200  # also of a connection to the one that is gone
        until(lambda: len(server.workers()) == 2)
        assert before[0] not in server.workers()
        assert server.count("serving_worker_starts_total") == 3


def test_a_worker_that_ends_itself_is_replaced(serve: Serve) -> None:
    with serve({"SAGEMAKER_MODEL_SERVER_WORKERS": "1"}) as server:
        with pytest.raises(ConnectionError):
            server.post("666,red")
        assert server.post("1,red").values == [13]


def test_a_worker_that_hangs_is_replaced(serve: Serve) -> None:
    with serve({"SAGEMAKER_MODEL_SERVER_WORKERS": "1", "SECONDS": '{"HUNG_SECONDS": 2}'}) as server:
        with pytest.raises(ConnectionError):
            server.post("600,red")
        assert server.post("1,red").values == [13]
        assert any("does not answer: it is killed" in line for line in server.log)


def test_a_large_request_holds_up_nobody(serve: Serve) -> None:
    with serve({"SAGEMAKER_MODEL_SERVER_WORKERS": "1"}) as server:
        client = server.open(b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n")
        client.sendall(b"Content-Length: 80004\r\n\r\n700," + b" " * 80_000)
        until(lambda: server.post("1,red").values == [13])
        assert server.call("GET", "/ping").status == 200
        assert client.recv(4096).startswith(b"HTTP/1.1 200 OK")
        client.close()


def test_requests_that_wait_together_are_predicted_together(serve: Serve) -> None:
    settings = {"batching": True, "seconds": 0.2, "calls": True}
    with serve({"SAGEMAKER_MODEL_SERVER_WORKERS": "1"}, **settings) as server:
        found: list[float] = []
        threads = [threading.Thread(target=lambda: found.extend(server.post("1,red").values)) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 20
        assert len(set(found)) < 10  # each answer is the number of the call that it came of


def test_each_gets_its_own_answer_of_what_is_predicted_together(serve: Serve) -> None:
    with serve({"SAGEMAKER_MODEL_SERVER_WORKERS": "1"}, batching=True, labels=["a", "b"], seconds=0.05) as server:
        found: dict[int, str] = {}

        def ask(number: int) -> None:
            found[number] = server.post("2,red\n" * number + "1,red\n").text

        threads = [threading.Thread(target=ask, args=[number]) for number in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == {number: "b\n" * number + "a\n" for number in range(10)}
        assert server.post("404,red").status == 500


def test_sigterm_ends_it_with_an_idle_connection_open(serve: Serve) -> None:
    with serve() as server:
        connection = server.connect()
        connection.request("GET", "/ping")
        connection.getresponse().read()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) == 0
        connection.close()


def test_a_request_that_was_accepted_before_sigterm_is_answered(serve: Serve) -> None:
    with serve() as server:
        post = b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 5\r\n\r\n"
        clients = [server.open(post, b"1,") for _ in range(8)]
        server.process.send_signal(signal.SIGTERM)
        until(lambda: refused(server.port))
        for client in clients:
            client.sendall(b"red")
        assert all(client.recv(4096).startswith(b"HTTP/1.1 200 OK") for client in clients)
        assert server.process.wait(10) == 0
        for client in clients:
            client.close()


def test_nobody_who_had_connected_is_turned_away_by_sigterm_under_load(serve: Serve) -> None:
    with serve() as server:
        found: list[int] = []

        def ask() -> None:
            while True:
                try:
                    client = server.open()
                except ConnectionRefusedError:
                    return
                client.sendall(b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n")
                client.sendall(b"Content-Length: 5\r\n\r\n1,red")
                found.append(int(client.recv(4096).split()[1]))
                client.close()

        with ThreadPoolExecutor(12) as threads:
            asking = [threads.submit(ask) for _ in range(12)]
            until(lambda: len(found) > 200)
            server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(25) == 0
        assert [each.result() for each in asking] == [None] * 12  # each was refused in the end, and never before
        assert set(found) == {200}


def refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except ConnectionError:
        return True
    return False


def test_the_workers_end_with_their_supervisor(serve: Serve) -> None:
    with serve() as server:
        assert server.call("GET", "/ping").status == 200
        workers = server.workers()
        server.process.kill()
        until(lambda: all(map(gone, workers)))
