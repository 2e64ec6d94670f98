"""In which state an alarm is to be, by its latest data points.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

OK, ALARM, INSUFFICIENT_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"
# AWS does not say how many more data points it looks at than it evaluates; in its examples they are two.
EXTRA = 2
COMPARISONS: Mapping[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}


@dataclass(frozen=True)
class Verdict:
    """A state, the indices of the real data points that it rests on, and how many missing ones were filled in."""

    state: str
    used: Sequence[int]
    filled: int


def judge(
    points: Sequence[float | None], breaches: Callable[[float], bool], *, evaluated: int, needed: int, missing: str
) -> Verdict | None:
    """Judge the data points of the evaluation range, oldest first, None where one is missing.

    `needed` of the `evaluated` ones have to breach; `missing` is what missing ones are taken for: missing, ignore,
    breaching or notBreaching. None is returned where the alarm keeps its state.
    """
    used = [index for index, point in enumerate(points) if point is not None][-evaluated:]
    breaching = [index for index in used if breaches(points[index] or 0.0)]
    absent = evaluated - len(used)
    if not used and missing == "ignore":
        return None
    if not used and missing == "missing":
        return Verdict(INSUFFICIENT_DATA, (), evaluated)
    enough = len(breaching) + (absent if missing == "breaching" else 0) >= needed
    if not enough and absent and missing in {"missing", "ignore"} and _premature(points, used, breaching, needed):
        return Verdict(ALARM, used, absent) if missing == "missing" else None
    return Verdict(ALARM if enough else OK, used, absent)


def _premature(points: Sequence[float | None], used: Sequence[int], breaching: Sequence[int], needed: int) -> bool:
    """Is all that is known breaching, and the oldest of it at least as old as so many data points are?"""
    return len(used) == len(breaching) and len(points) - used[0] >= needed
