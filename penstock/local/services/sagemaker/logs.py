"""The output of a program, carried from its log file to CloudWatch Logs while it runs."""

import contextlib
import logging
import threading
import time
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

_PERIOD_SECONDS = 0.5
_EVENTS_A_CALL = 1_000
_MOST_CHARACTERS = 60_000  # an event holds 256 KiB, a character takes up to 4 bytes
_LOGGER = logging.getLogger(__name__)


class LogStream:
    """Follows a log file line by line, with the job's own role: a role without permission to write has no logs."""

    def __init__(self, client: Any, *, group: str, stream: str, file: Path) -> None:
        self._client = client
        self._group = group
        self._stream = stream
        self._file = file
        self._position = 0
        self._made = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True, name=f"logs {stream}")
        self._thread.start()

    def close(self) -> None:
        """Send what is left, and stop following."""
        self._closing.set()
        self._thread.join()

    def _follow(self) -> None:
        try:
            while not self._closing.wait(_PERIOD_SECONDS):
                self._send(self._lines(last=False))
            self._send(self._lines(last=True))
        except (ClientError, BotoCoreError, OSError) as error:
            _LOGGER.warning("%s has no CloudWatch Logs: %s", self._stream, error)

    def _lines(self, *, last: bool) -> list[str]:
        """Read the lines that are complete, or all the rest."""
        if not self._file.exists():
            return []
        with self._file.open("rb") as file:
            file.seek(self._position)
            data = file.read()
        if not last:
            data = data[: data.rfind(b"\n") + 1]
        self._position += len(data)
        return data.decode(errors="replace").splitlines()

    def _send(self, lines: list[str]) -> None:
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": line[:_MOST_CHARACTERS]} for line in lines if line]
        if events and not self._made:
            self._make()
        for start in range(0, len(events), _EVENTS_A_CALL):
            self._client.put_log_events(
                logGroupName=self._group,
                logStreamName=self._stream,
                logEvents=events[start : start + _EVENTS_A_CALL],
            )

    def _make(self) -> None:
        """Make group and stream with the first line, if they are not there, as AWS does."""
        group = {"logGroupName": self._group}
        with contextlib.suppress(self._client.exceptions.ResourceAlreadyExistsException):
            self._client.create_log_group(**group)
        streams = self._client.describe_log_streams(**group, logStreamNamePrefix=self._stream)["logStreams"]
        if self._stream not in {stream["logStreamName"] for stream in streams}:
            self._client.create_log_stream(**group, logStreamName=self._stream)
        self._made = True
