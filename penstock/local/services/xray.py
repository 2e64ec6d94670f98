"""Traces, as the services that trace what they do send them to X-Ray."""

import json
import secrets
from typing import Any

from penstock.local.service import JsonObject


def trace_id(began: float) -> str:
    """Return a new identifier for a trace that began at a time."""
    return f"1-{int(began):08x}-{secrets.token_hex(12)}"


def send(client: Any, segment: JsonObject) -> None:
    """Send the segment of what has ended, and what X-Ray's daemon says of itself.

    Raises:
        ClientError: who the client acts as may not.
    """
    client.put_trace_segments(TraceSegmentDocuments=[json.dumps(segment)])
    counts = {"SegmentsReceivedCount": 1, "SegmentsSentCount": 1, "SegmentsSpilloverCount": 0}
    client.put_telemetry_records(TelemetryRecords=[{"Timestamp": segment["end_time"], **counts}])
