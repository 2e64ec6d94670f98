"""What functions print: a file for each process, and a stream in CloudWatch Logs, written as the function's role."""

import functools
import json
import logging
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.clients import Clients
from penstock.local.clock import iso
from penstock.local.service import JsonObject
from penstock.local.services import xray
from penstock.local.services.delivery import Lanes
from penstock.local.services.functions.configuration import Configuration
from penstock.local.services.functions.role import acting
from penstock.local.services.functions.sandbox import Answer

_LOG = logging.getLogger(__name__)
_MOST_LINES = 1_000  # in a call of PutLogEvents
_TAIL_BYTES = 4_096


@dataclass(frozen=True)
class Batch:
    """Lines for a stream of a function's log group, and the segment of a trace."""

    configuration: Configuration
    stream: str
    lines: list[str]
    segment: JsonObject | None = None


class Shipper:
    """Sends lines to CloudWatch Logs, and segments to X-Ray, in order for each function: no invocation waits for it."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._made: set[str] = set()
        self._lanes = Lanes("Lambda: logs of")

    def put(self, batch: Batch) -> None:
        """Send lines, soon."""
        self._lanes.put(batch.configuration.name, functools.partial(self._ship, batch))

    def close(self) -> None:
        """Send what waits, and no more."""
        self._lanes.close()

    def _ship(self, batch: Batch) -> None:
        for write in (self._log, self._trace):
            try:
                write(batch)
            except (BotoCoreError, ClientError) as error:
                # Lambda says nothing either when a role may not write logs or traces.
                _LOG.info("%s: logs or traces were not written: %s", batch.configuration.log_group, error)

    def _trace(self, batch: Batch) -> None:
        if batch.segment is not None:
            xray.send(acting(self._clients, batch.configuration, "xray"), batch.segment)

    def _log(self, batch: Batch) -> None:
        client = acting(self._clients, batch.configuration, "logs")
        where = {"logGroupName": batch.configuration.log_group, "logStreamName": batch.stream}
        if batch.stream not in self._made:
            try:
                client.create_log_stream(**where)
            except client.exceptions.ResourceNotFoundException:
                client.create_log_group(logGroupName=batch.configuration.log_group)
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
        moment = iso(datetime.now(UTC))
        self._write(json.dumps({"time": moment, "type": f"platform.{kind}", "record": record}))

    def _write(self, line: str) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


def tail(lines: list[str]) -> bytes:
    """Return the end of a log, as much of it as Invoke gives."""
    return "".join(f"{line}\n" for line in lines).encode()[-_TAIL_BYTES:]
