"""The operations on metrics."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from penstock.local.clock import Clock
from penstock.local.service import AwsError, JsonObject, Operation
from penstock.local.services.cloudwatch import samples
from penstock.local.services.cloudwatch.checks import invalid
from penstock.local.services.cloudwatch.metrics import Metric, Metrics
from penstock.local.services.cloudwatch.paging import page
from penstock.local.services.cloudwatch.queries import Queries, QueryError, check_period, metric_of
from penstock.local.services.cloudwatch.samples import Samples

_PAGE, _MOST_DATAPOINTS, _MOST_DATA = 500, 1_440, 100_800
_MINUTE = 60
_RECENT = timedelta(hours=3)
_OLDEST, _NEWEST = timedelta(days=14), timedelta(hours=2)
_WAYS = ("Value", "Values", "StatisticValues")


class DataOperations:
    """What clients ask of metrics."""

    def __init__(self, *, metrics: Metrics, clock: Clock) -> None:
        self._metrics = metrics
        self._clock = clock
        self.operations: dict[str, Operation] = {
            "PutMetricData": self._put,
            "GetMetricData": self._get,
            "GetMetricStatistics": self._statistics,
            "ListMetrics": self._list,
        }

    def _put(self, request: JsonObject) -> JsonObject:
        namespace = request["Namespace"]
        if namespace.startswith("AWS/"):
            raise _bad_value(f"The value AWS/ for parameter Namespace is invalid: {namespace} is for AWS's services.")
        if "EntityMetricData" in request:
            raise _bad_value("The local cloud does not serve EntityMetricData.")
        now = self._clock.now()
        checked = [(datum, _samples(datum), _time(datum, now)) for datum in request.get("MetricData", [])]
        for datum, measured, time in checked:
            metric = metric_of({"Namespace": namespace, **datum})
            self._metrics.put(metric, datum.get("Unit", "None"), time, measured)
        return {}

    def _get(self, request: JsonObject) -> JsonObject:
        start, end = _span(request)
        try:
            queries = Queries(request["MetricDataQueries"])
            if not queries.returned:
                raise QueryError("None of the queries returns data.")  # noqa: TRY301
            for one in request["MetricDataQueries"]:
                check_period(one.get("Period", _MINUTE))
            coarsest = max([queries.period(key) for key in queries.queries], default=_MINUTE)
            found = queries.evaluate(self._metrics, start - start % coarsest, end)
        except QueryError as error:
            raise invalid(str(error)) from error
        most = request.get("MaxDatapoints") or _MOST_DATA
        pages = [
            page("times", times, request.get("NextToken"), max(most // len(queries.returned), 1))
            for times in (_ordered(found[key], request) for key in queries.returned)
        ]
        results = [
            {
                "Id": key,
                "Label": queries.label(key),
                "Timestamps": [datetime.fromtimestamp(time, UTC) for time in part["times"]],
                "Values": [found[key][time] for time in part["times"]],
                "StatusCode": "PartialData" if "NextToken" in part else "Complete",
            }
            for key, part in zip(queries.returned, pages, strict=True)
        ]
        following = next((part["NextToken"] for part in pages if "NextToken" in part), None)
        return {"MetricDataResults": results, "Messages": [], **({"NextToken": following} if following else {})}

    def _statistics(self, request: JsonObject) -> JsonObject:
        start, end = _span(request)
        period, named = request["Period"], [*request.get("Statistics", []), *request.get("ExtendedStatistics", [])]
        _check_statistics(request, named, (end - start) // period)
        metric = metric_of(request)
        points = [
            self._datapoint(request, measured, time, unit)
            for unit in ([request["Unit"]] if "Unit" in request else self._metrics.units(metric))
            for time, measured in self._metrics.read(metric, start - start % period, end, period, unit).items()
        ]
        return {"Label": metric.name, "Datapoints": points}

    def _datapoint(self, request: JsonObject, measured: Samples, time: int, unit: str) -> JsonObject:
        point: JsonObject = {"Timestamp": datetime.fromtimestamp(time, UTC), "Unit": unit}
        point |= {name: measured.statistic(name) for name in request.get("Statistics", [])}
        values = {name: measured.statistic(name) for name in request.get("ExtendedStatistics", [])}
        known = {name: value for name, value in values.items() if value is not None}
        return point | ({"ExtendedStatistics": known} if known else {})

    def _list(self, request: JsonObject) -> JsonObject:
        since = (self._clock.now() - _RECENT).timestamp() if "RecentlyActive" in request else 0
        found = [
            {
                "Namespace": metric.namespace,
                "MetricName": metric.name,
                "Dimensions": [{"Name": name, "Value": value} for name, value in metric.dimensions],
            }
            for metric in self._metrics.all()
            if _listed(metric, request) and (self._metrics.newest(metric) or 0) >= since
        ]
        return page("Metrics", found, request.get("NextToken"), _PAGE)


def _listed(metric: Metric, request: JsonObject) -> bool:
    dimensions = dict(metric.dimensions)
    return (
        request.get("Namespace") in {None, metric.namespace}
        and request.get("MetricName") in {None, metric.name}
        and all(
            one["Name"] in dimensions and one.get("Value") in {None, dimensions[one["Name"]]}
            for one in request.get("Dimensions", [])
        )
    )


def _samples(datum: JsonObject) -> Samples:
    """Return what a datum of PutMetricData says.

    Raises:
        AwsError: InvalidParameterCombination or InvalidParameterValue.
    """
    given = [way for way in _WAYS if way in datum]
    if len(given) != 1:
        raise AwsError(
            "InvalidParameterCombination", f"One of {', '.join(_WAYS)} has to be given for {datum['MetricName']}."
        )
    if datum.get("StorageResolution", _MINUTE) not in {1, _MINUTE}:
        raise _bad_value(
            f"The StorageResolution of {datum['MetricName']} has to be 1 or 60; found {datum['StorageResolution']}."
        )
    measured = Samples()
    for value, count in _counted(datum):
        measured.add(value, count)
    if numbers := datum.get("StatisticValues"):
        if numbers["SampleCount"] <= 0 or not all(map(math.isfinite, numbers.values())):
            raise _bad_value(f"The StatisticValues of {datum['MetricName']} are not valid: {numbers}.")
        measured.add_set(
            count=numbers["SampleCount"],
            total=numbers["Sum"],
            minimum=numbers["Minimum"],
            maximum=numbers["Maximum"],
        )
    return measured


def _counted(datum: JsonObject) -> Iterator[tuple[float, float]]:
    values = [datum["Value"]] if "Value" in datum else datum.get("Values", [])
    counts = datum.get("Counts") or [1.0] * len(values)
    if len(values) != len(counts):
        raise _bad_value(f"Values and Counts of {datum['MetricName']} have different lengths.")
    for value, count in zip(values, counts, strict=True):
        if not math.isfinite(value) or not math.isfinite(count) or count <= 0:
            raise _bad_value(f"The value {value}, {count} times, for {datum['MetricName']} is not valid.")
        yield float(value), float(count)


def _time(datum: JsonObject, now: datetime) -> int:
    """Return the second from which a datum counts: that of its minute, if it is not of high resolution."""
    given = datum["Timestamp"].replace(tzinfo=UTC) if "Timestamp" in datum else now
    if not now - _OLDEST <= given <= now + _NEWEST:
        raise _bad_value(f"The value {given} for parameter Timestamp is invalid: it is to be within two weeks of now.")
    seconds = int(given.timestamp())
    return seconds if datum.get("StorageResolution", _MINUTE) < _MINUTE else seconds - seconds % _MINUTE


def _span(request: JsonObject) -> tuple[int, int]:
    """Return the start and the end of what is asked for: the gateway leaves the time zone out, which is UTC."""
    start, end = (int(request[key].replace(tzinfo=UTC).timestamp()) for key in ("StartTime", "EndTime"))
    if start >= end:
        raise invalid("The parameter StartTime must be less than the parameter EndTime.")
    return start, end


def _ordered(points: dict[int, float], request: JsonObject) -> list[int]:
    return sorted(points, reverse=request.get("ScanBy") != "TimestampAscending")


def _check_statistics(request: JsonObject, named: list[str], count: int) -> None:
    if not named:
        raise AwsError("MissingParameter", "The parameter Statistics or ExtendedStatistics is required.")
    if unknown := [name for name in named if not samples.known(name)]:
        raise _bad_value(f"The local cloud does not have the statistics {', '.join(unknown)}.")
    try:
        check_period(request["Period"])
    except QueryError as error:
        raise _bad_value(str(error)) from error
    if count > _MOST_DATAPOINTS:
        raise AwsError(
            "InvalidParameterCombination",
            f"You have requested up to {count} datapoints, which exceeds the limit of {_MOST_DATAPOINTS}."
            " You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
        )


def _bad_value(message: str) -> AwsError:
    return AwsError("InvalidParameterValue", message)
