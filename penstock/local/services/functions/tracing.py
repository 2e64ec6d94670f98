"""The traces of functions, as X-Ray takes them; a function whose tracing is active sends one of every invocation."""

import json
import secrets
import time
from typing import Any

from penstock.local.service import JsonObject
from penstock.local.services.functions.configuration import Configuration
from penstock.local.services.functions.sandbox import Answer


def segment(configuration: Configuration, request_id: str, answer: Answer) -> JsonObject | None:
    """Return the segment of an invocation that has just ended, or None where the function is not traced."""
    if configuration["TracingConfig"]["Mode"] != "Active":
        return None
    ended = time.time()
    began = ended - answer.seconds
    return {
        "name": configuration.name,
        "id": secrets.token_hex(8),
        "trace_id": f"1-{int(began):08x}-{secrets.token_hex(12)}",
        "start_time": began,
        "end_time": ended,
        "fault": answer.failed,
        "origin": "AWS::Lambda::Function",
        "resource_arn": configuration.arn,
        "aws": {"request_id": request_id, "function_arn": configuration.arn},
    }


def send(client: Any, segment: JsonObject) -> None:
    """Send a segment, and what X-Ray's daemon says of itself, with a client that acts as the function's role.

    Raises:
        ClientError: the role may not.
    """
    client.put_trace_segments(TraceSegmentDocuments=[json.dumps(segment)])
    counts = {"SegmentsReceivedCount": 1, "SegmentsSentCount": 1, "SegmentsSpilloverCount": 0}
    client.put_telemetry_records(TelemetryRecords=[{"Timestamp": segment["end_time"], **counts}])
