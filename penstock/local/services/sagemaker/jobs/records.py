"""The objects of a transform job: into records, records into requests, results into a file again."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from penstock.local.services.sagemaker.jobs.json_path import JsonPath

_JOINED = "SageMakerOutput"


def batches(records: Iterable[bytes], most_bytes: int, *, single: bool) -> Iterator[list[bytes]]:
    """Yield the records of each request: one, or as many as fit with their line ends.

    Raises:
        ValueError: a record alone is too large.
    """
    batch: list[bytes] = []
    size = 0
    for record in records:
        if len(record) > most_bytes:
            raise ValueError(f"a record of {len(record)} bytes is larger than MaxPayloadInMB allows")
        if batch and (single or size + len(record) + 1 > most_bytes):
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += len(record) + 1
    if batch:
        yield batch


class Filters:
    """DataProcessing: what is sent of each record, what is kept of each result, and whether they are joined."""

    def __init__(self, processing: dict[str, str], content_type: str, accept: str) -> None:
        self._input = JsonPath.parse(processing.get("InputFilter", "$"))
        self._output = JsonPath.parse(processing.get("OutputFilter", "$"))
        self._join = processing.get("JoinSource", "None") == "Input"
        self._content_type, self._accept = content_type, accept or content_type
        self._reads_results = self._join or bool(self._output.steps)

    def sent(self, record: bytes) -> bytes:
        """Return what the model gets of a record."""
        if not self._input.steps:
            return record
        return _written(self._input.of(_read(record, self._content_type)), self._content_type)

    def results(self, records: list[bytes], answer: bytes) -> list[bytes]:
        """Return the results of one request.

        Raises:
            ValueError: there are not as many as records, or one lacks what is to be kept.
        """
        if not self._reads_results:
            return [answer]
        lines = answer.splitlines()
        if len(lines) != len(records):
            raise ValueError(f"{len(records)} records were sent, and {len(lines)} lines came back")
        return [self._result(record, line) for record, line in zip(records, lines, strict=True)]

    def _result(self, record: bytes, line: bytes) -> bytes:
        result = _read(line, self._accept)
        if self._join:
            source = _read(record, self._content_type)
            if isinstance(source, list):
                result = [*source, *(result if isinstance(result, list) else [result])]
            else:
                result = {**source, _JOINED: result}
        return _written(self._output.of(result), self._accept)


def _read(line: bytes, content_type: str) -> Any:
    if _is_json(content_type):
        return json.loads(line)
    return next(csv.reader([line.decode()]), [])


def _written(value: Any, content_type: str) -> bytes:
    if _is_json(content_type):
        return json.dumps(value).encode()
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(value if isinstance(value, list) else [value])
    return buffer.getvalue().encode()


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().startswith("application/json")
