"""The List operations: filters, order and pages, the same for every kind of resource."""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from penstock.local.service import AwsError, JsonObject

_PAGE = 10
_OBJECTIVE = "FinalHyperParameterTuningJobObjectiveMetric"


@dataclass(frozen=True)
class Kind:
    """How one kind of resource is listed: the names of members in its summaries, and AWS's default order."""

    key: str  # of the response
    name: str
    status: str = ""
    order: str = "Descending"
    by: str = "CreationTime"
    unique: str = ""  # what no two have alike, where that is not the name


def page(kind: Kind, summaries: Iterable[JsonObject], request: JsonObject) -> JsonObject:
    """Return one page of a List operation's answer.

    Raises:
        AwsError: ValidationException, the token is none of ours.
    """
    found = [summary for summary in summaries if all(test(summary) for test in _filters(kind, request))]
    rank = _rank(kind, request.get("SortBy", kind.by))
    descending = request.get("SortOrder", kind.order) == "Descending"
    found.sort(key=rank, reverse=descending)
    if "NextToken" in request:
        after = _read(request["NextToken"])
        found = [summary for summary in found if (rank(summary) < after if descending else rank(summary) > after)]
    size = request.get("MaxResults", _PAGE)
    answer: JsonObject = {kind.key: found[:size]}
    if len(found) > size:
        answer["NextToken"] = _token(rank(found[size - 1]))
    return answer


def _filters(kind: Kind, request: JsonObject) -> list[Callable[[JsonObject], bool]]:
    """Tests for each filter of the request; times are inclusive."""
    tests: list[Callable[[JsonObject], bool]] = []
    if "NameContains" in request:
        tests.append(lambda summary: request["NameContains"].lower() in summary.get(kind.name, "").lower())
    if "StatusEquals" in request:
        tests.append(lambda summary: bool(summary[kind.status] == request["StatusEquals"]))
    for member, limit in request.items():
        time, _, side = member.partition("Time")
        if side in {"After", "Before"}:
            tests.append(partial(_within, f"{time}Time", side, limit))
    return tests


def _within(time: str, side: str, limit: datetime, summary: JsonObject) -> bool:
    moment = _moment(summary[time])
    return moment >= _moment(limit) if side == "After" else moment <= _moment(limit)


def _moment(value: Any) -> float:
    """Return seconds since 1970: a time without zone is the local one, as Python reads it."""
    return value.timestamp() if isinstance(value, datetime) else float(value)


def _rank(kind: Kind, by: str) -> Callable[[Mapping[str, Any]], tuple[str | float, str]]:
    def rank(summary: Mapping[str, Any]) -> tuple[str | float, str]:
        values = {
            "Name": summary.get(kind.name, ""),
            "Status": summary.get(kind.status, ""),
            "CreationTime": _moment(summary["CreationTime"]),
            "FinalObjectiveMetricValue": summary.get(_OBJECTIVE, {}).get("Value", 0.0),
        }
        return values[by], summary[kind.unique or kind.name]

    return rank


def _token(rank: tuple[str | float, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(rank).encode()).decode()


def _read(token: str) -> tuple[Any, ...]:
    try:
        value, name = json.loads(base64.urlsafe_b64decode(token))
    except ValueError as error:
        raise AwsError("ValidationException", "The NextToken is invalid: pass the one of the previous page.") from error
    return value, name
