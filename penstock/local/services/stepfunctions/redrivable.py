"""Which executions can be redriven, and why others cannot."""

from datetime import datetime, timedelta

from penstock.local.services.stepfunctions.history import MOST_EVENTS

_DAYS = timedelta(days=14)
_YEAR = timedelta(days=365)


def obstacle(*, status: str, started: datetime, stopped: datetime | None, events: int, now: datetime) -> str | None:
    """Return why an execution cannot be redriven, in AWS's words; None if it can."""
    if status in {"RUNNING", "SUCCEEDED"}:
        return f"Execution is {status} and cannot be redriven"
    if stopped is not None and now - stopped > _DAYS:
        return "Execution redrivable period exceeded"
    if now - started > _YEAR:
        return "Execution has exceeded the max execution time"
    if events >= MOST_EVENTS - 1:
        return "Execution history event limit exceeded"
    return None
