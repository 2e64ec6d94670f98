"""CloudWatch Logs: what a job or an endpoint said."""

from typing import Any

from botocore.exceptions import ClientError

from hooks.aws import clients
from hooks.failures import Log


def latest_stream(log: Log) -> str | None:
    """Return the name of the log's stream that was written to last, or None if there is none."""
    prefix = {"logStreamNamePrefix": log.streams} if log.streams else {"orderBy": "LastEventTime", "descending": True}
    try:
        answer = clients.client("logs").describe_log_streams(logGroupName=log.group, **prefix)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return None
    written: list[dict[str, Any]] = sorted(answer["logStreams"], key=lambda stream: stream.get("lastEventTimestamp", 0))
    return written[-1]["logStreamName"] if written else None


def tail(log: Log, stream: str, *, lines: int) -> list[str]:
    """Return the last lines of a stream."""
    events: list[dict[str, Any]] = clients.client("logs").get_log_events(
        logGroupName=log.group, logStreamName=stream, limit=lines, startFromHead=False
    )["events"]
    return [event["message"] for event in events]
