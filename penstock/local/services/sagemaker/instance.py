"""An instance of an endpoint: the program `serve` with one model, on a port of its own; a new one when it dies."""

import http.client
import secrets
import shutil
import tarfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.programs.process import Process
from penstock.local.programs.program import Program
from penstock.local.services.sagemaker import archives
from penstock.local.services.sagemaker.connections import HOST, Connections, free_port
from penstock.local.services.sagemaker.logs import LogStream
from penstock.local.services.sagemaker.s3 import S3Uri, download

_PING_SECONDS = 2  # a container that takes longer to answer is not healthy
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.25, 10  # from one start to the next


class DeploymentError(Exception):
    """An endpoint cannot be brought up; the message is its FailureReason."""


class Instance:
    """One process of `serve`. `look` is called by one thread; `busy`, `served` and `used` are its fleet's."""

    def __init__(
        self,
        *,
        program: Program,
        variables: Mapping[str, str],
        folder: Path,
        log: Path | None = None,
        file_bytes: int = 0,
    ) -> None:
        self.id = f"i-{secrets.token_hex(9)[:17]}"
        self.log = log or folder / f"{self.id}.log"
        self.busy = 0
        self.served = 0
        self.used = float("-inf")  # when a request ended last
        self.ready = False
        self.crashes = 0
        self.connections = Connections(0)
        self._program = program
        self._variables = variables
        self._file_bytes = file_bytes
        self._folder = folder / self.id
        self._base = self._folder / "ml"
        self._process: Process | None = None
        self._started = float("-inf")
        self._died = True
        self._stopped = False
        self._killed_at = float("inf")
        self._lock = threading.Lock()
        self._stream: LogStream | None = None
        (self._base / "model").mkdir(parents=True)

    def load(self, s3: Any, artefact: str) -> None:
        """Put the model's data into the model folder.

        Raises:
            DeploymentError: they cannot be downloaded or unpacked.
        """
        archive = self._folder / "model.tar.gz"
        try:
            download(s3, S3Uri.parse(artefact), archive)
        except (ClientError, BotoCoreError, OSError) as error:
            raise DeploymentError(
                f'Failed to download model data from URL "{artefact}". Please ensure that there is an object located at'
                f" the URL and that the role passed to CreateModel has permissions to download the object. ({error})"
            ) from error
        try:
            archives.unpack(archive, self._base / "model")
        except (tarfile.TarError, OSError) as error:
            raise DeploymentError(
                f'Failed to extract model data archive from URL "{artefact}". Please ensure that the object located at'
                f" the URL is a valid tar.gz archive. ({error})"
            ) from error
        archive.unlink()

    def record(self, logs: Any, *, group: str, stream: str) -> None:
        """Carry the log on to CloudWatch Logs."""
        self._stream = LogStream(logs, group=group, stream=stream, file=self.log)

    def look(self) -> None:
        """Start the program if it does not run, and see whether it is healthy if it was not."""
        process = self._process
        if process is not None and time.monotonic() >= self._killed_at:
            self._killed_at = float("inf")
            process.stop(0)
        if process is None or process.poll() is not None:
            self._replace()
        elif not self.ready:
            # Looked at again after the ping: had the program died, another one could have answered on its port.
            self.ready = self._ping() and process.poll() is None

    def processes(self) -> list[int]:
        """Return the process that its program is below, while it runs."""
        process = self._process
        return [process.pid] if process is not None and process.poll() is None else []

    def kill_after(self, seconds: float) -> None:
        """Kill the program so many seconds from now; as when it dies by itself, another takes its place."""
        self._killed_at = time.monotonic() + seconds

    def stop(self, grace_seconds: float) -> None:
        """End the program for good, and remove its folder; the log stays."""
        with self._lock:
            self._stopped = True
            self.ready = False
        if self._process is not None:
            self._process.stop(grace_seconds)
        self.connections.close()
        if self._stream is not None:
            self._stream.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _replace(self) -> None:
        """Start the program, or start it again: less and less often if it keeps dying."""
        self.ready = False
        if not self._died:
            self._died = True
            self.crashes += 1
        pause = min(_FIRST_PAUSE_SECONDS * 2 ** (self.crashes - 1), _LONGEST_PAUSE_SECONDS)
        if time.monotonic() >= self._started + pause:
            self._start()

    def _start(self) -> None:
        with self._lock:
            if self._stopped:
                return
            self._started = time.monotonic()
            self._died = False
            self.connections.close()
            port = free_port()
            self.connections = Connections(port)
            variables = {**self._variables, "BIND_HOST": HOST, "SAGEMAKER_BIND_TO_PORT": str(port)}
            self._process = self._program.start(
                "serve", base=self._base, variables=variables, log=self.log, file_bytes=self._file_bytes
            )

    def _ping(self) -> bool:
        try:
            return self.connections.request("GET", "/ping", timeout=_PING_SECONDS).status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
