"""A model, served by the `serve` of the image that this runs in, as an endpoint would."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import tarfile
import tempfile
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

from tabular.errors import TabularError

ARCHIVE = "model.tar.gz"
READY_SECONDS = 300
ANSWER_SECONDS = 120
STOP_SECONDS = 30
POLL_SECONDS = 0.01
SHOWN = 500


@dataclass(frozen=True)
class Answer:
    """What the model answered with: the type of the text, without its parameters, and the text."""

    media: str
    text: str


class Server:
    """The running model; a context manager that begins to start it and, at the end, stops it.

    Args:
        folder: where the model's archive is.
        name: what to call the model in a message.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._port = 0

    def __enter__(self) -> Server:
        program = shutil.which("serve")
        if program is None:
            raise TabularError("The model's image has no program named `serve` on its PATH.")
        self._base = tempfile.TemporaryDirectory(prefix="model-")
        base = Path(self._base.name)
        try:
            self._unpack(base / "model")
            self._port = _free_port()
            variables = {"SAGEMAKER_BASE_DIR": str(base), "BIND_HOST": "127.0.0.1"}
            self._process = subprocess.Popen(
                [program], env={**os.environ, **variables, "SAGEMAKER_BIND_TO_PORT": str(self._port)}
            )
        except BaseException:
            self._base.cleanup()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._base.cleanup()

    def wait(self) -> None:
        """Wait until the model can predict.

        Raises:
            TabularError: it ends, or takes too long.
        """
        end = time.monotonic() + READY_SECONDS
        while not self._pinged():
            code = self._process.poll()
            if code is not None:
                raise TabularError(f"{self._name} cannot be served: `serve` ended with exit code {code}; see the log.")
            if time.monotonic() > end:
                raise TabularError(f"{self._name} cannot be served: no answer to /ping in {READY_SECONDS} seconds.")
            time.sleep(POLL_SECONDS)

    def invoke(self, body: bytes, accept: str) -> Answer:
        """Send CSV to `/invocations`.

        Raises:
            TabularError: the model does not answer, or answers with an error.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_SECONDS)
        try:
            connection.request("POST", "/invocations", body, {"Content-Type": "text/csv", "Accept": accept})
            response = connection.getresponse()
            text = response.read().decode("utf-8", "backslashreplace")
        except (OSError, http.client.HTTPException) as error:
            raise TabularError(f"{self._name} did not answer: {type(error).__name__}: {error}.") from error
        finally:
            connection.close()
        if response.status != http.client.OK:
            raise TabularError(f"{self._name} answered {response.status}: {text[:SHOWN]}")
        return Answer(response.headers.get_content_type(), text)

    def _pinged(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", "/ping")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _unpack(self, folder: Path) -> None:
        path = self._folder / ARCHIVE
        try:
            with tarfile.open(path) as archive:
                # Pythons before 3.9.17 have no filters; the archive is what the pipeline's own training made.
                safe = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
                archive.extractall(folder, **safe)  # type: ignore[arg-type]  # noqa: S202 (see above)
        except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
            raise TabularError(f"{self._name} cannot be unpacked from {ARCHIVE}: {error}.") from error


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
