"""Why an alarm is in its state, in CloudWatch's words."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from penstock.local.service import JsonObject
from penstock.local.services.cloudwatch.judgement import ALARM, COMPARISONS, INSUFFICIENT_DATA, OK, Verdict

CREATED = "Unchecked: Initial alarm creation"
_MOST_REASON = 1_023
_MOST_POINTS = 30  # as many as fit into the 4,000 characters of the data
_TREATED = {"breaching": "Breaching", "notBreaching": "NonBreaching"}


def stamp(time: datetime) -> str:
    """Return a time as CloudWatch writes it into its messages: 2026-01-12T16:30:42.236+0000."""
    time = time.astimezone(UTC)
    return f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03}+0000"


def threshold_reason(
    settings: JsonObject, times: Sequence[int], points: Sequence[float | None], verdict: Verdict, former: str
) -> str:
    """Say why a metric alarm is in the state of a verdict."""
    evaluated = settings["EvaluationPeriods"]
    if verdict.state == INSUFFICIENT_DATA:
        return f"Insufficient Data: {_counted(evaluated, 'datapoint')} {_was(evaluated)} unknown."
    filled = ""
    if verdict.filled and (treated := _TREATED.get(settings.get("TreatMissingData", "missing"))):
        missing = _counted(verdict.filled, "missing datapoint")
        filled = f" and {missing} {_was(verdict.filled)} treated as [{treated}]"
    if not verdict.used:
        return f"Threshold Crossed: no datapoints were received for {_counted(evaluated, 'period')}{filled}."
    breaches, words = COMPARISONS[settings["ComparisonOperator"]]
    threshold = float(settings["Threshold"])
    known = [(points[index] or 0.0, times[index]) for index in reversed(verdict.used)]
    shown = [pair for pair in known if breaches(pair[0], threshold) == (verdict.state == ALARM)] or known
    listed = ", ".join(f"{value} ({datetime.fromtimestamp(time, UTC):%d/%m/%y %H:%M:%S})" for value, time in shown)
    needed = settings.get("DatapointsToAlarm")
    count = f"{len(shown)} out of the last {evaluated} datapoints" if needed else _counted(len(shown), "datapoint")
    negated = "" if breaches(shown[0][0], threshold) else "not "
    change = "ALARM -> OK" if (former, verdict.state) == (ALARM, OK) else "OK -> ALARM"
    minimum = f" (minimum {_counted(needed, 'datapoint')} for {change} transition)" if needed else ""
    reason = f"Threshold Crossed: {count} [{listed}] {_was(len(shown))} {negated}{words} the threshold ({threshold})"
    return f"{reason}{minimum}{filled}."[:_MOST_REASON]


def threshold_data(
    settings: JsonObject, times: Sequence[int], points: Sequence[float | None], verdict: Verdict, at: datetime
) -> str:
    """Return the reason as JSON; the evaluated data points are newest first, and the oldest are left out of many."""
    statistic = settings.get("Statistic") or settings.get("ExtendedStatistic")
    evaluated = settings["EvaluationPeriods"]
    latest = range(len(times) - evaluated, len(times)) if verdict.filled else ()
    shown = sorted({*verdict.used, *latest})[-_MOST_POINTS:]
    known = [index for index in shown if points[index] is not None]
    return json.dumps(
        {
            "version": "1.0",
            "queryDate": stamp(at),
            **({"startDate": _iso(times[known[0]])} if known else {}),
            **({"unit": settings["Unit"]} if "Unit" in settings else {}),
            **({"statistic": statistic} if statistic else {}),
            "period": times[1] - times[0],
            "recentDatapoints": [points[index] for index in known],
            "threshold": float(settings["Threshold"]),
            "evaluatedDatapoints": [
                {"timestamp": _iso(times[index]), **({"value": points[index]} if index in known else {})}
                for index in reversed(shown)
            ],
        },
        separators=(",", ":"),
    )


def composite_reason(arn: str, value: str, at: datetime) -> str:
    """Say that an alarm in the rule of a composite alarm changed its state."""
    return f"{arn} transitioned to {value} at {at.astimezone(UTC):%A %d %B, %Y %H:%M:%S UTC}"


def _iso(time: int) -> str:
    return stamp(datetime.fromtimestamp(time, UTC))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
