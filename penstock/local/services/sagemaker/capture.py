"""Data capture: requests and answers of an endpoint as lines of JSON in S3, for what watches models.

https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
"""

import base64
import json
import logging
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.service import JsonObject
from penstock.local.services.rounds import Rounds
from penstock.local.services.sagemaker.connections import Answer
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.loan import Loan
from penstock.local.services.sagemaker.s3 import S3Uri, put

_MODES = {"Input": ("INPUT",), "Output": ("OUTPUT",), "InputAndOutput": ("INPUT", "OUTPUT")}
_PARTS = {"INPUT": "endpointInput", "OUTPUT": "endpointOutput"}
_ENCODINGS = {"CSV": "CsvContentTypes", "JSON": "JsonContentTypes"}
_FLUSH_SECONDS, _SHORTEST, _LONGEST = 60.0, 0.2, 5.0  # of the cloud; the limits are of the machine
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class _File:
    """What goes into a file of its own: the records of an hour, as a role, with a key."""

    role: str
    source: str
    folder: S3Uri
    kms_key: str


class Captures:
    """Takes in what is captured, and writes it every now and then, so that no request waits for S3."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._waiting: dict[_File, list[tuple[datetime, str]]] = {}
        self._rounds = Rounds("SageMaker: data capture", self.flush, pause=self._pause)

    def add(self, loan: Loan, request: JsonObject, answer: Answer) -> None:
        """Take in a request and its answer."""
        endpoint, variant, config = loan.endpoint, loan.variant, loan.capture
        now = self._context.clock.now().astimezone(UTC)
        destination = S3Uri.parse(config["DestinationS3Uri"].rstrip("/"))
        key = f"{destination.key}/{endpoint.name}/{variant.name}/{now:%Y/%m/%d/%H}".lstrip("/")
        folder = S3Uri(destination.bucket, key)
        file = _File(variant.model.role, endpoint.arn, folder, config.get("KmsKeyId", ""))
        line = json.dumps(record(config, request, answer, now))
        with self._lock:
            self._waiting.setdefault(file, []).append((now, line))
            if not self._rounds.started:
                self._rounds.start()

    def flush(self) -> None:
        """Write what is waiting."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for file, lines in waiting.items():
            self._write(file, lines[0][0], "".join(f"{line}\n" for _, line in lines))

    def close(self) -> None:
        """Write what is left, and end."""
        self._rounds.close()
        self.flush()

    def _write(self, file: _File, first: datetime, text: str) -> None:
        name = f"{first:%M-%S}-{first.microsecond // 1000:03d}-{uuid.uuid4()}.jsonl"
        try:
            s3 = self._context.acting(file.role, "s3", file.source)
            put(s3, text.encode(), S3Uri(file.folder.bucket, f"{file.folder.key}/{name}"), file.kms_key)
        except (ClientError, BotoCoreError) as error:  # the callers have their answers: SageMaker drops it too
            _LOGGER.warning("data capture to %s: %s", file.folder, error)

    def _pause(self) -> float:
        return min(max(self._context.clock.real(_FLUSH_SECONDS), _SHORTEST), _LONGEST)


def record(config: JsonObject, request: JsonObject, answer: Answer, now: datetime) -> JsonObject:
    """Return what is kept of a request and its answer by a DataCaptureConfig."""
    wanted = {mode for option in config["CaptureOptions"] for mode in _MODES[option["CaptureMode"]]}
    headers = config.get("CaptureContentTypeHeader", {})
    contents = {
        "INPUT": (request.get("ContentType"), request.get("Body", b"")),
        "OUTPUT": (answer.headers.get("content-type"), answer.body),
    }
    optional = {"inferenceId": request.get("InferenceId")}
    if "CustomAttributes" in request:
        optional["customAttributes"] = [request["CustomAttributes"]]
    return {
        "captureData": {
            _PARTS[mode]: _content(headers, mode, *content) for mode, content in contents.items() if mode in wanted
        },
        "eventMetadata": {
            "eventId": str(uuid.uuid4()),
            **{name: value for name, value in optional.items() if value},
            "inferenceTime": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        },
        "eventVersion": "0",
    }


def _content(headers: Mapping[str, list[str]], mode: str, content_type: str | None, body: bytes) -> JsonObject:
    data, encoding = _encoded(headers, content_type or "", body)
    observed = {"observedContentType": content_type} if content_type else {}
    return {**observed, "mode": mode, "data": data, "encoding": encoding}


def _encoded(headers: Mapping[str, list[str]], content_type: str, body: bytes) -> tuple[str, str]:
    """Return data as text: as it is if its content type is named, base64 otherwise."""
    kind = content_type.partition(";")[0].strip().lower()
    for encoding, member in _ENCODINGS.items():
        if kind in (one.lower() for one in headers.get(member, [])):
            try:
                return body.decode(), encoding
            except UnicodeDecodeError:  # it is not what it says
                break
    return base64.b64encode(body).decode(), "BASE64"
