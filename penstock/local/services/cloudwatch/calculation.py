"""Metric math: what expressions come to.

A value is a number, a time series (by the time of its points; a missing point is not in it), or an array of those.
"""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from penstock.local.services.cloudwatch.expressions import Array, ExpressionError, Name, Node, Number

Points = dict[int, float]
Value = float | Points | list["Value"]


def _true(value: float) -> bool:
    return value != 0


_OPERATORS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "AND": lambda left, right: _true(left) and _true(right),
    "OR": lambda left, right: _true(left) or _true(right),
}
_EACH: Mapping[str, Callable[[float], float]] = {"ABS": abs, "CEIL": math.ceil, "FLOOR": math.floor}
_TOGETHER: Mapping[str, Callable[[Sequence[float]], float]] = {
    "SUM": math.fsum,
    "AVG": lambda values: math.fsum(values) / len(values),
    "MIN": min,
    "MAX": max,
}


@dataclass(frozen=True)
class Calculation:
    """The values of Ids, the metrics among them, and the times at which there can be points, `period` seconds apart."""

    values: Mapping[str, Value]
    metrics: Sequence[str]
    times: Sequence[int]
    period: int

    def of(self, node: Node) -> Value:
        """Return what an expression comes to.

        Raises:
            ExpressionError: a function gets what it does not take.
        """
        if isinstance(node, Number):
            return node.value
        if isinstance(node, Name):
            return self.values[node.name]
        if isinstance(node, Array):
            return [self.of(item) for item in node.items]
        if node.function in _OPERATORS:
            left, right = (self.of(argument) for argument in node.arguments)
            return _combined(_OPERATORS[node.function], left, right)
        return self._call(node.function, node.arguments)

    def _call(self, function: str, arguments: tuple[Node, ...]) -> Value:
        values = [self.of(argument) for argument in arguments]
        if function in _EACH:
            return _combined(lambda value, _: _EACH[function](value), values[0], 0.0)
        if function in _TOGETHER:
            return _together(_TOGETHER[function], values[0])
        special: Mapping[str, Callable[..., Value]] = {
            "FILL": self._filled,
            "IF": self._chosen,
            "METRICS": lambda: [self.values[name] for name in self.metrics],
            "PERIOD": lambda _: float(self.period),
            "REPEAT": self._repeated,
        }
        return special[function](*values)

    def _chosen(self, condition: Value, then: Value, otherwise: Value | None = None) -> Value:
        """Choose at each time; without a third argument, there is no point where the condition does not hold."""
        if isinstance(condition, float | int) and not (isinstance(then, dict) or isinstance(otherwise, dict)):
            return then if _true(condition) or otherwise is None else otherwise
        points: Points = {}
        for time in self.times:
            test = _at(condition, time)
            if test is not None:
                chosen = then if _true(test) else otherwise
                value = None if chosen is None else _at(chosen, time)
                if value is not None:
                    points[time] = value
        return points

    def _filled(self, value: Value, filling: Value) -> Value:
        if isinstance(value, list):
            return [self._filled(item, filling) for item in value]
        series = _series("FILL", value)
        candidates = ((time, series.get(time, _at(filling, time))) for time in self.times)
        return {time: point for time, point in candidates if point is not None}

    def _repeated(self, value: Value) -> Points:
        series, points = _series("FILL", value), dict[int, float]()
        last: float | None = None
        for time in self.times:
            last = series.get(time, last)
            if last is not None:
                points[time] = last
        return points


def _combined(apply: Callable[[float, float], float], left: Value, right: Value) -> Value:
    """Apply to numbers or series; where one has no point, or the result is no number, there is none."""
    if isinstance(left, list):
        return [_combined(apply, item, right) for item in left]
    if isinstance(right, list):
        return [_combined(apply, left, item) for item in right]
    if not isinstance(left, dict) and not isinstance(right, dict):
        result = _applied(apply, left, right)
        return math.nan if result is None else result
    times = left.keys() & right.keys() if isinstance(left, dict) and isinstance(right, dict) else None
    if times is None:
        times = {*(left if isinstance(left, dict) else ()), *(right if isinstance(right, dict) else ())}
    points: Points = {}
    for time in sorted(times):
        first, second = _at(left, time), _at(right, time)
        result = None if first is None or second is None else _applied(apply, first, second)
        if result is not None:
            points[time] = result
    return points


def _applied(apply: Callable[[float, float], float], left: float, right: float) -> float | None:
    try:
        result = float(apply(left, right))
    except (ArithmeticError, ValueError, TypeError):  # division by zero, for one
        return None
    return result if math.isfinite(result) else None


def _together(apply: Callable[[Sequence[float]], float], value: Value) -> Value:
    """Bring an array together to one series, or a series to one number."""
    if isinstance(value, list):
        series = [_series("an array of a function", item) for item in value]
        times = sorted({time for one in series for time in one})
        return {time: float(apply([one[time] for one in series if time in one])) for time in times}
    if isinstance(value, dict):
        return float(apply([*value.values()])) if value else math.nan
    return value


def _series(function: str, value: Value) -> Points:
    if not isinstance(value, dict):
        raise ExpressionError(f"{function} takes time series")
    return value


def _at(value: Value, time: int) -> float | None:
    if isinstance(value, list):
        raise ExpressionError("an array stands where a number or a time series is to be")
    result = value.get(time) if isinstance(value, dict) else value
    return None if result is None or math.isnan(result) else result
