from __future__ import annotations

import shutil
import signal
import socket
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.containers.forest.conftest import Container, Outcome, Server


@pytest.fixture
def model(trained: Outcome, tmp_path: Path) -> Path:
    """A base folder with a copy of the trained model, to be spoilt."""
    shutil.copytree(trained.base / "model", tmp_path / "model")
    return tmp_path


def test_a_model_other_than_the_manifests_is_not_served(container: Container, model: Path) -> None:
    with (model / "model/model.onnx").open("ab") as file:
        file.write(b"\0")
    outcome = container.run(model, container.folder / "serve")
    assert outcome.code == 1
    assert outcome.log.startswith("Train again: ")
    assert "has the SHA-256" in outcome.log
    assert "Traceback" not in outcome.log


@pytest.mark.parametrize("name", ["manifest.json", "model.onnx"])
def test_a_missing_file_is_named(container: Container, model: Path, name: str) -> None:
    (model / "model" / name).unlink()
    outcome = container.run(model, container.folder / "serve")
    assert outcome.code == 1
    assert outcome.log == f"Deploy what `train` wrote: {model / 'model' / name} is missing.\n"


def test_a_manifest_of_something_else_is_refused(container: Container, model: Path) -> None:
    (model / "model/manifest.json").write_text('{"columns": []}')
    outcome = container.run(model, container.folder / "serve")
    assert outcome.code == 1
    assert "is not a manifest of this container" in outcome.log


def test_a_port_that_is_none(container: Container, model: Path) -> None:
    outcome = container.run(model, "env", "SAGEMAKER_BIND_TO_PORT=http", container.folder / "serve")
    assert outcome.code == 1
    assert outcome.log == "Set SAGEMAKER_BIND_TO_PORT to a port number: it is 'http'.\n"


def test_it_listens_at_bind_host_only(server: Server) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server.port), timeout=5)


def test_sigterm_ends_it_quickly_with_an_idle_connection_open(container: Container, trained: Outcome) -> None:
    with container.serve(trained.base) as server:
        connection = server.connect()
        connection.request("GET", "/ping")
        connection.getresponse().read()
        started = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) == 0
        assert time.monotonic() - started < 3
        connection.close()


def test_a_request_that_was_accepted_before_sigterm_is_answered(container: Container, trained: Outcome) -> None:
    with container.serve(trained.base) as server, socket.create_connection(("127.0.0.1", server.port), 10) as client:
        client.sendall(
            b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 8\r\n\r\n20.5"
        )
        assert server.call("GET", "/ping").status == 200  # by now the first request has been read, too
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        client.sendall(b",red")
        assert client.recv(4096).startswith(b"HTTP/1.1 200 OK")
        assert server.process.wait(10) == 0
