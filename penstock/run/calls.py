"""The record of calls: which of them, and how they are shown."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from penstock.errors import PenstockError

_AGO = re.compile(r"(?P<count>\d+)(?P<unit>[smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_OK = "OK"


@dataclass(frozen=True)
class Filter:
    """Which calls; each part that is given must hold. Names are patterns with * and ?."""

    role: str = ""
    operation: str = ""  # sagemaker:Create*, or of any service: Create*
    resource: str = ""
    denied: bool = False
    failed: bool = False
    since: datetime | None = None

    def takes(self, call: dict[str, Any]) -> bool:
        """Does it take a call?"""
        operation = f"{call['service']}:{call['operation']}"
        return (
            _like(self.role, role_of(call["caller"]))
            and _like(self.operation, operation if ":" in self.operation else call["operation"])
            and (not self.resource or any(_within(self.resource, one) for one in call["resources"]))
            and not (self.denied and not is_denied(call["result"]))
            and not (self.failed and call["result"] == _OK)
            and (self.since is None or datetime.fromisoformat(call["time"]) >= self.since)
        )


def read(record: Path, wanted: Filter) -> Iterator[dict[str, Any]]:
    """Yield the calls of a record that a filter takes, the oldest first.

    Raises:
        PenstockError: there is no such record.
    """
    if not record.is_file():
        raise PenstockError(f"There is no record of calls at {record}.")
    with record.open(encoding="utf-8") as lines:
        for line in lines:
            if line.endswith("\n"):  # the last one may be half written
                call = json.loads(line)
                if wanted.takes(call):
                    yield call


def table(calls: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield a line a call: when, who, what, how it ended, how long it took, and on what."""
    who = max((len(role_of(call["caller"])) for call in calls), default=0)
    what = max((len(call["service"]) + len(call["operation"]) + 1 for call in calls), default=0)
    for call in calls:
        moment = datetime.fromisoformat(call["time"]).astimezone().strftime("%H:%M:%S.%f")[:-3]
        operation = f"{call['service']}:{call['operation']}"
        resources = " ".join(one.split(":", 5)[-1] for one in call["resources"])
        yield (
            f"{moment}  {role_of(call['caller']):<{who}}  {operation:<{what}}  {call['milliseconds']:>7.1f} ms"
            f"  {call['result']:<2}  {resources}"
        ).rstrip()


def role_of(caller: str) -> str:
    """Return the name of the role, the user or the service that a caller is."""
    path = caller.rpartition(":")[2].split("/")
    return path[1] if len(path) > 1 else caller


def is_denied(result: str) -> bool:
    """Is it an error's code by which services say that somebody may not do something?"""
    return result.startswith(("AccessDenied", "AuthorizationError"))


def moment(text: str, now: datetime) -> datetime:
    """Return the time that is meant by "10m", "2h" or an ISO 8601 time; one without a zone is the machine's.

    Raises:
        PenstockError: it is none of these.
    """
    ago = _AGO.fullmatch(text)
    if ago:
        return now - timedelta(**{_UNITS[ago["unit"]]: int(ago["count"])})
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise PenstockError(
            f"--since {text}: is no time. Give how long ago, as 30s, 10m, 2h or 1d, or a time, as 2026-01-31T12:00:00."
        ) from error


def _like(pattern: str, name: str) -> bool:
    return not pattern or fnmatchcase(name.lower(), pattern.lower())


def _within(pattern: str, arn: str) -> bool:
    return fnmatchcase(arn, pattern) if set(pattern) & set("*?") else pattern in arn
