"""The log lines that Step Functions writes: AWS, "Using CloudWatch Logs to log execution history"."""

from collections.abc import Mapping
from typing import Any

from penstock.local.service import JsonObject
from penstock.local.services.stepfunctions.shapes import to_json

_ENVELOPE = {"timestamp", "type", "id", "previousEventId"}
_DATA = {"input", "output", "inputDetails", "outputDetails", "parameters", "assignedVariables"}
_FATAL = {"ExecutionAborted", "ExecutionFailed", "ExecutionTimedOut"}


def group_of(configuration: Mapping[str, Any]) -> str | None:
    """Return the name of the log group that a loggingConfiguration names, if it logs at all."""
    if configuration.get("level", "OFF") == "OFF":
        return None
    destinations = configuration.get("destinations", [])
    arn: str = destinations[0].get("cloudWatchLogsLogGroup", {}).get("logGroupArn", "") if destinations else ""
    return arn.partition(":log-group:")[2].removesuffix(":*") or None


def logged(configuration: Mapping[str, Any], kind: str) -> bool:
    """Is an event of a kind logged at a machine's level?"""
    level = configuration["level"]
    bad = kind in _FATAL or (level == "ERROR" and kind.endswith(("Failed", "Aborted", "TimedOut", "FailStateEntered")))
    return level == "ALL" or bad


def line(execution_arn: str, redrives: int, event: JsonObject, *, data: bool) -> str:
    """Return the line of an event; without `data`, inputs and outputs are left out."""
    details: JsonObject = next((value for key, value in event.items() if key not in _ENVELOPE), {})
    return to_json(
        {
            "id": str(event["id"]),
            "type": event["type"],
            "details": {key: value for key, value in details.items() if data or key not in _DATA},
            "redrive_count": str(redrives),
            "previous_event_id": str(event["previousEventId"]),
            "event_timestamp": str(round(event["timestamp"].timestamp() * 1000)),
            "execution_arn": execution_arn,
        }
    )
