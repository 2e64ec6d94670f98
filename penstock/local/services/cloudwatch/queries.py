"""What GetMetricData and alarms ask: metrics by their Ids, and expressions of them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from penstock.local.service import JsonObject
from penstock.local.services.cloudwatch import samples
from penstock.local.services.cloudwatch.calculation import Calculation, Points, Value
from penstock.local.services.cloudwatch.expressions import ExpressionError, Node, names, parse
from penstock.local.services.cloudwatch.metrics import Metric, Metrics

_FINEST = (1, 5, 10, 20, 30)
_MINUTE = 60


class QueryError(ValueError):
    """A query that cannot be answered; the message says why."""


@dataclass(frozen=True)
class _Measured:
    metric: Metric
    period: int
    statistic: str
    unit: str | None


@dataclass(frozen=True)
class _Calculated:
    node: Node
    period: int
    uses: tuple[str, ...]


class Queries:
    """Metric data queries, checked, in the form in which clients send them.

    Raises:
        QueryError: an Id is there twice or not at all, an expression cannot be read, a statistic is not known here.
    """

    def __init__(self, queries: Sequence[JsonObject]) -> None:
        self.queries = {query["Id"]: query for query in queries}
        if len(self.queries) != len(queries):
            raise QueryError("The Ids of the queries are not unique.")
        self._measured = {key: _measured(query) for key, query in self.queries.items() if "MetricStat" in query}
        self._calculated = dict(self._in_order())
        self.returned = [key for key, query in self.queries.items() if query.get("ReturnData", True)]

    @property
    def metrics(self) -> list[Metric]:
        """The metrics that are asked for."""
        return [one.metric for one in self._measured.values()]

    @property
    def periods(self) -> set[int]:
        """The periods of the metrics."""
        return {one.period for one in self._measured.values()}

    def period(self, key: str) -> int:
        """Return the period of a query's points, in seconds."""
        return self._measured[key].period if key in self._measured else self._calculated[key].period

    def label(self, key: str) -> str:
        """Return how a query is called where its points are shown."""
        if label := self.queries[key].get("Label"):
            return str(label)
        return self._measured[key].metric.name if key in self._measured else key

    def evaluate(self, metrics: Metrics, start: int, end: int) -> dict[str, Points]:
        """Return the points of each query; those of metrics are for whole periods, counted from `start`.

        Raises:
            QueryError: an expression cannot be calculated.
        """
        values: dict[str, Value] = {key: _read(metrics, one, start, end) for key, one in self._measured.items()}
        for key, one in self._calculated.items():
            times = range(start, end, one.period)
            try:
                values[key] = Calculation(values, [*self._measured], times, one.period).of(one.node)
            except ExpressionError as error:
                raise QueryError(f"Error in expression '{key}': {error}.") from error
        return {key: self._series(key, values[key], start, end) for key in self.queries}

    def _series(self, key: str, value: Value, start: int, end: int) -> Points:
        if isinstance(value, list):
            raise QueryError(f"Error in expression '{key}': it comes to several time series, and may to one only.")
        if isinstance(value, dict):
            return value
        return {} if math.isnan(value) else dict.fromkeys(range(start, end, self.period(key)), value)

    def _in_order(self) -> Iterator[tuple[str, _Calculated]]:
        """Yield the expressions, each after those that it uses."""
        waiting = {key: _parsed(query) for key, query in self.queries.items() if "MetricStat" not in query}
        done: dict[str, _Calculated] = {}
        while waiting:
            ready = [key for key, node in waiting.items() if not {*names(node)} & waiting.keys()]
            if not ready:
                raise QueryError(f"The expressions {', '.join(waiting)} use each other.")
            for key in ready:
                node = waiting.pop(key)
                done[key] = self._expression(key, node, done)
                yield key, done[key]

    def _expression(self, key: str, node: Node, done: Mapping[str, _Calculated]) -> _Calculated:
        uses = tuple(names(node))
        if unknown := [name for name in uses if name not in self.queries]:
            raise QueryError(f"Error in expression '{key}': it uses {', '.join(unknown)}, which is no Id of a query.")
        periods = [self._measured[name].period if name in self._measured else done[name].period for name in uses]
        given = self.queries[key].get("Period")
        all_periods = periods or [one.period for one in self._measured.values()] or [_MINUTE]
        return _Calculated(node, given or max(all_periods), uses)


def check_period(period: int) -> None:
    """Refuse a period that CloudWatch does not have.

    Raises:
        QueryError: it has 1, 5, 10, 20, 30 and multiples of 60.
    """
    if period not in _FINEST and period % _MINUTE:
        raise QueryError(f"Period must be 1, 5, 10, 20, 30 or a multiple of 60; found {period}.")


def metric_of(request: JsonObject) -> Metric:
    """Return the metric that a Namespace, a MetricName and Dimensions name."""
    dimensions = {one["Name"]: one["Value"] for one in request.get("Dimensions") or []}
    return Metric.of(request["Namespace"], request["MetricName"], dimensions)


def _measured(query: JsonObject) -> _Measured:
    if "Expression" in query:
        raise QueryError(f"The query '{query['Id']}' has both MetricStat and Expression; it may have one.")
    stat = query["MetricStat"]
    check_period(stat["Period"])
    if not samples.known(stat["Stat"]):
        raise QueryError(
            f"The value {stat['Stat']} for parameter Stat is not supported: the local cloud has"
            f" {', '.join(samples.SIMPLE)}, pNN, tmNN and wmNN."
        )
    return _Measured(metric_of(stat["Metric"]), stat["Period"], stat["Stat"], stat.get("Unit"))


def _parsed(query: JsonObject) -> Node:
    text = query.get("Expression")
    if text is None:
        raise QueryError(f"The query '{query['Id']}' has neither MetricStat nor Expression.")
    try:
        return parse(text)
    except ExpressionError as error:
        raise QueryError(f"Error in expression '{query['Id']}': {error}.") from error


def _read(metrics: Metrics, one: _Measured, start: int, end: int) -> Points:
    found = metrics.read(one.metric, start, end, one.period, one.unit)
    values = ((time, period.statistic(one.statistic)) for time, period in found.items())
    return {time: value for time, value in values if value is not None}
