"""FinalMetricDataList: what the metric definitions of a job find in its log."""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from penstock.local.service import AwsError, JsonObject


def check_definitions(definitions: Iterable[Mapping[str, str]]) -> None:
    """Refuse a regular expression that cannot be compiled.

    Raises:
        AwsError: ValidationException.
    """
    for definition in definitions:
        try:
            re.compile(definition["Regex"])
        except re.error as error:
            raise AwsError(
                "ValidationException", f"Invalid regex {definition['Regex']!r} of metric {definition['Name']}: {error}"
            ) from error


def final_metrics(definitions: Iterable[Mapping[str, str]], log: str, time: datetime) -> list[JsonObject]:
    """Return the last value of each metric that the log has; what is no finite number is no value."""
    found = []
    for definition in definitions:
        matches = re.finditer(definition["Regex"], log)
        values = [value for match in matches if (value := _number(match)) is not None]
        if values:
            found.append({"MetricName": definition["Name"], "Value": values[-1], "Timestamp": time})
    return found


def _number(match: "re.Match[str]") -> float | None:
    try:
        value = float(match[1] if match.re.groups else match[0])
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None
