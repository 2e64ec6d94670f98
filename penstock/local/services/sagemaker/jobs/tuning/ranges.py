"""The ranges that hyperparameters are searched in.

https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-ranges.html
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from penstock.local.service import AwsError, JsonObject

_WIDE = 1000.0  # a range of Auto scaling whose ends differ by this factor is searched by orders of magnitude
_KINDS = {"IntegerParameterRanges": True, "ContinuousParameterRanges": False}

Function = Callable[[float], float]
# Scaling → to the scale that is searched evenly, and back.
_SCALES: Mapping[str, tuple[Function, Function]] = {
    "Linear": (lambda value: value, lambda value: value),
    "Logarithmic": (math.log, math.exp),
    "ReverseLogarithmic": (lambda value: -math.log1p(-value), lambda value: -math.expm1(-value)),
}


@dataclass(frozen=True)
class Numeric:
    """Numbers from `low` to `high`, both included; `whole` ones for an integer."""

    name: str
    low: float
    high: float
    scaling: str
    whole: bool

    def at(self, share: float) -> str:
        """Return the value at a share of the range, from 0 to 1, on its scale."""
        there, back = _SCALES[self.scaling]
        first, last = map(there, self._ends)
        value = min(max(back(first + (last - first) * share), self.low), self.high)
        return str(round(value)) if self.whole else repr(value)

    def share(self, text: str) -> float | None:
        """Return the share of the range that a value is at, or None if it is not in it."""
        there, _ = _SCALES[self.scaling]
        try:
            value = float(text)
        except ValueError:
            return None
        first, last = map(there, self._ends)
        return (there(value) - first) / (last - first) if self.low <= value <= self.high else None

    @property
    def _ends(self) -> tuple[float, float]:
        """Return the ends, of which the first and last whole numbers have as much as the others."""
        return (self.low - 0.5, self.high + 0.5) if self.whole else (self.low, self.high)


@dataclass(frozen=True)
class Categorical:
    """One of some values."""

    name: str
    values: tuple[str, ...]


Range = Numeric | Categorical


def ranges(given: JsonObject) -> list[Range]:
    """Return the ranges of a request.

    Raises:
        AwsError: ValidationException, one of them is none.
    """
    found: list[Range] = [_numeric(item, whole=whole) for kind, whole in _KINDS.items() for item in given.get(kind, [])]
    found += [Categorical(item["Name"], tuple(item["Values"])) for item in given.get("CategoricalParameterRanges", [])]
    names = [one.name for one in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise AwsError("ValidationException", f"Hyperparameter {', '.join(twice)} has more than one range.")
    return found


def _numeric(item: JsonObject, *, whole: bool) -> Numeric:
    name = item["Name"]
    low, high = (_number(name, item[end], whole=whole) for end in ("MinValue", "MaxValue"))
    if low >= high:
        raise AwsError("ValidationException", f"The MinValue of {name}, {low:g}, is not below its MaxValue, {high:g}.")
    scaling = item.get("ScalingType", "Auto")
    if scaling == "Auto":
        scaling = "Logarithmic" if low > 0 and high / low >= _WIDE else "Linear"
    if scaling == "Logarithmic" and low <= 0:
        raise AwsError("ValidationException", f"Logarithmic scaling of {name} needs a MinValue above 0; it is {low:g}.")
    if scaling == "ReverseLogarithmic" and (whole or low < 0 or high >= 1):
        raise AwsError(
            "ValidationException",
            f"ReverseLogarithmic scaling of {name} needs a continuous range from 0 to below 1; it is {low:g} to"
            f" {high:g}.",
        )
    return Numeric(name, low, high, scaling, whole)


def _number(name: str, text: str, *, whole: bool) -> float:
    try:
        value = float(int(text) if whole else text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        kind = "a whole number" if whole else "a number"
        raise AwsError("ValidationException", f"{name}: {text!r} is not {kind}.")
    return value
