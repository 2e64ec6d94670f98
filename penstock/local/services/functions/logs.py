"""What functions print: a file for each process, and a stream in CloudWatch Logs, written as the function's role."""

import json
import logging
import queue
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.clients import Clients
from penstock.local.service import JsonObject
from penstock.local.services.functions import tracing
from penstock.local.services.functions.configuration import PRINCIPAL
from penstock.local.services.functions.sandbox import Answer

_LOG = logging.getLogger(__name__)
_MOST_LINES = 1_000  # in a call of PutLogEvents
_TAIL_BYTES = 4_096


@dataclass(frozen=True)
class Batch:
    """Lines for a stream, and the segment of a trace."""

    group: str
    stream: str
    role_arn: str
    session: str
    function_arn: str
    lines: list[str]
    segment: JsonObject | None = None


class Shipper:
    """Sends lines to CloudWatch Logs, and segments to X-Ray, in a thread of its own: no invocation waits for it."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._made: set[str] = set()
        self._waiting: queue.SimpleQueue[Batch | None] = queue.SimpleQueue()
        threading.Thread(target=self._ship_all, name="lambda-logs", daemon=True).start()

    def put(self, batch: Batch) -> None:
        """Send lines, soon."""
        self._waiting.put(batch)

    def close(self) -> None:
        """Send no more; the files have everything."""
        self._waiting.put(None)

    def _ship_all(self) -> None:
        while (batch := self._waiting.get()) is not None:
            for ship in (self._ship, self._trace):
                try:
                    ship(batch)
                except (BotoCoreError, ClientError) as error:
                    # Lambda says nothing either when a role may not write logs or traces.
                    _LOG.info("%s: logs or traces were not written: %s", batch.group, error)

    def _client(self, batch: Batch, service: str) -> Any:
        return self._clients.role(
            batch.role_arn, service, session=batch.session, by=PRINCIPAL, source=batch.function_arn
        )

    def _trace(self, batch: Batch) -> None:
        if batch.segment is not None:
            tracing.send(self._client(batch, "xray"), batch.segment)

    def _ship(self, batch: Batch) -> None:
        client = self._client(batch, "logs")
        where = {"logGroupName": batch.group, "logStreamName": batch.stream}
        if batch.stream not in self._made:
            try:
                client.create_log_stream(**where)
            except client.exceptions.ResourceNotFoundException:
                client.create_log_group(logGroupName=batch.group)
                client.create_log_stream(**where)
            self._made.add(batch.stream)
        now = int(time.time() * 1000)
        for start in range(0, len(batch.lines), _MOST_LINES):
            events = [{"timestamp": now, "message": line} for line in batch.lines[start : start + _MOST_LINES]]
            client.put_log_events(**where, logEvents=events)


class Stream:
    """The log of one process of a function."""

    def __init__(self, folder: Path, *, json_format: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._key = uuid.uuid4().hex
        self._json = json_format
        self._read = 0
        self.name = f"{datetime.now(UTC):%Y/%m/%d}/[$LATEST]{self._key}"
        self.path = folder / f"{self._key}.log"
        self.path.touch()

    def starts(self, request_id: str) -> None:
        """Note that an invocation starts."""
        if self._json:
            self._platform("start", {"requestId": request_id, "version": "$LATEST"})
        else:
            self._write(f"START RequestId: {request_id} Version: $LATEST")

    def ended(self, request_id: str, answer: Answer, *, memory_mb: int) -> None:
        """Note that it has ended, and how long it took."""
        duration, billed = round(answer.seconds * 1000, 2), int(answer.seconds * 1000) + 1
        init_seconds = answer.init_seconds
        if self._json:
            metrics = {"durationMs": duration, "billedDurationMs": billed, "memorySizeMB": memory_mb}
            init = {"initDurationMs": round(init_seconds * 1000, 2)} if init_seconds is not None else {}
            status = "error" if answer.failed else "success"
            self._platform("report", {"requestId": request_id, "status": status, "metrics": metrics | init})
            return
        self._write(f"END RequestId: {request_id}")
        init_text = f"\tInit Duration: {init_seconds * 1000:.2f} ms" if init_seconds is not None else ""
        self._write(
            f"REPORT RequestId: {request_id}\tDuration: {duration} ms\tBilled Duration: {billed} ms"
            f"\tMemory Size: {memory_mb} MB{init_text}"
        )

    def new_lines(self) -> list[str]:
        """Return what was written since the last time."""
        with self.path.open("rb") as file:
            file.seek(self._read)
            data = file.read()
        self._read += len(data)
        return data.decode(errors="replace").splitlines()

    def _platform(self, kind: str, record: object) -> None:
        moment = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._write(json.dumps({"time": moment, "type": f"platform.{kind}", "record": record}))

    def _write(self, line: str) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


def tail(lines: list[str]) -> bytes:
    """Return the end of a log, as much of it as Invoke gives."""
    return "".join(f"{line}\n" for line in lines).encode()[-_TAIL_BYTES:]
