"""What was measured in one period, and the statistics of it."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from penstock.local.service import JsonObject

SIMPLE = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
_MOST_EXACT = 100
_BIN = math.log(1.02)  # of a bin's width: what a percentile reads is at most 1 % off
_EXTENDED = re.compile(r"(?:p|tm|wm)(?:\d{1,2}(?:\.\d{1,10})?|100)")


@dataclass
class Samples:
    """Values with how often each was measured; beyond a hundred different ones, of bins that are 2 % wide.

    So CloudWatch keeps them too, in that no number of measurements fills the memory. `unknown` are those that came as a
    sum only; the others' values no longer give percentiles then.
    """

    count: float = 0.0
    sum: float = 0.0
    minimum: float = math.inf
    maximum: float = -math.inf
    unknown: float = 0.0
    values: dict[float, float] = field(default_factory=dict)

    def add(self, value: float, count: float = 1.0) -> None:
        """Take in a value that was measured `count` times."""
        self.count += count
        self.sum += value * count
        self.minimum = min(self.minimum, value)
        self.maximum = max(self.maximum, value)
        self._note(value, count)

    def add_set(self, *, count: float, total: float, minimum: float, maximum: float) -> None:
        """Take in measurements of which only this is known."""
        if minimum == maximum:
            self.add(minimum, count)
            return
        self.count += count
        self.sum += total
        self.unknown += count
        self.minimum, self.maximum = min(self.minimum, minimum), max(self.maximum, maximum)

    def merge(self, other: "Samples") -> None:
        """Take in what another one has."""
        for value, count in other.values.items():
            self._note(value, count)
        self.count += other.count
        self.sum += other.sum
        self.unknown += other.unknown
        self.minimum, self.maximum = min(self.minimum, other.minimum), max(self.maximum, other.maximum)

    def statistic(self, name: str) -> float | None:
        """Return a statistic by CloudWatch's name of it: "Sum", "p99.9", "tm90"; None where it cannot be known."""
        simple = {
            "SampleCount": self.count,
            "Average": self.sum / self.count if self.count else None,
            "Sum": self.sum,
            "Minimum": self.minimum,
            "Maximum": self.maximum,
        }
        if name in simple:
            return simple[name]
        return None if self.unknown or not self.count else self._extended(name)

    def record(self) -> JsonObject:
        """Return what a store can keep."""
        return {
            "count": self.count,
            "sum": self.sum,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "unknown": self.unknown,
            "values": [*self.values.items()],
        }

    @classmethod
    def of_record(cls, record: JsonObject) -> "Samples":
        """Return what a record says."""
        return cls(**{**record, "values": dict(record["values"])})

    def _note(self, value: float, count: float) -> None:
        values = self.values
        if value not in values and len(values) >= _MOST_EXACT:
            value = _binned(value)
            if value not in values and len(values) == _MOST_EXACT:
                self._bin()
        values[value] = values.get(value, 0.0) + count

    def _bin(self) -> None:
        exact = [*self.values.items()]
        self.values.clear()
        for value, count in exact:
            key = _binned(value)
            self.values[key] = self.values.get(key, 0.0) + count

    def _extended(self, name: str) -> float:
        kind = name.rstrip("0123456789.")
        ordered = sorted(self.values.items())
        most = self.count * float(name.removeprefix(kind)) / 100
        limit = min(max(_at(ordered, most), self.minimum), self.maximum)
        if kind == "p":
            return limit
        lower, upper = _lowest(ordered, most)
        if kind == "tm":
            return lower / upper if upper else limit
        return (lower + limit * (self.count - upper)) / self.count


def known(statistic: str) -> bool:
    """Is it the name of a statistic that is given here?"""
    return statistic in SIMPLE or _EXTENDED.fullmatch(statistic) is not None


def merged(parts: Iterable[Samples]) -> Samples:
    """Return all that the parts have."""
    whole = Samples()
    for part in parts:
        whole.merge(part)
    return whole


def _binned(value: float) -> float:
    return math.copysign(math.exp(round(math.log(abs(value)) / _BIN) * _BIN), value) if value else 0.0


def _at(ordered: list[tuple[float, float]], most: float) -> float:
    """Return the smallest value that at least so many measurements do not exceed."""
    seen = accumulate(count for _, count in ordered)
    reached = (value for (value, _), so_far in zip(ordered, seen, strict=True) if so_far >= most)
    return next(reached, ordered[-1][0])


def _lowest(ordered: list[tuple[float, float]], most: float) -> tuple[float, float]:
    """Return the sum and the count of so many of the lowest measurements."""
    total = seen = 0.0
    for value, count in ordered:
        taken = min(count, most - seen)
        if taken <= 0:
            break
        total += value * taken
        seen += taken
    return total, seen
