"""Metrics as their clients see them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError


def query(name: str, statistic: str = "Sum", period: int = 60, key: str = "m") -> dict[str, Any]:
    metric = {"Namespace": "Test", "MetricName": name}
    return {"Id": key, "MetricStat": {"Metric": metric, "Period": period, "Stat": statistic}}


@pytest.fixture
def noon(watched: Any) -> Any:
    """An hour of yesterday."""
    return (watched.clock.now() - timedelta(days=1)).replace(minute=0, second=0, microsecond=0)


def put(watched: Any, name: str, at: datetime, **datum: Any) -> None:
    data = [{"MetricName": name, "Timestamp": at, **datum}]
    watched.client.put_metric_data(Namespace="Test", MetricData=data)


def get(watched: Any, start: datetime, *queries: Any, minutes: int = 60, **more: Any) -> dict[str, Any]:
    answer = watched.client.get_metric_data(
        MetricDataQueries=[*queries], StartTime=start, EndTime=start + timedelta(minutes=minutes), **more
    )
    return {result["Id"]: result for result in answer["MetricDataResults"]}


def test_values_of_each_way_are_read_back(watched: Any, name: str, noon: datetime) -> None:
    put(watched, name, noon, Value=1)
    put(watched, name, noon, Values=[2, 3], Counts=[1, 2])
    put(watched, name, noon, StatisticValues={"SampleCount": 2, "Sum": 9, "Minimum": 4, "Maximum": 5})
    found = get(watched, noon, *(query(name, one, key=one.lower()) for one in ("Sum", "SampleCount", "Maximum")))
    assert {key: result["Values"] for key, result in found.items()} == {"sum": [18], "samplecount": [6], "maximum": [5]}
    assert found["sum"]["Label"] == name
    assert found["sum"]["StatusCode"] == "Complete"


def test_the_newest_is_first_or_last(watched: Any, name: str, noon: datetime) -> None:
    for minute in (0, 5, 7):
        put(watched, name, noon + timedelta(minutes=minute, seconds=30), Value=minute)
    found = get(watched, noon, query(name, period=300))["m"]
    assert found["Values"] == [12, 0]
    assert [time.minute for time in found["Timestamps"]] == [5, 0]
    assert get(watched, noon, query(name, period=300), ScanBy="TimestampAscending")["m"]["Values"] == [0, 12]


@pytest.mark.parametrize("resolution", [30, 61, 3_600])
def test_a_resolution_that_is_none_is_refused(watched: Any, name: str, noon: datetime, resolution: int) -> None:
    with pytest.raises(ClientError, match=r"StorageResolution .* has to be 1 or 60; found") as refused:
        put(watched, name, noon, Value=1, StorageResolution=resolution)
    assert refused.value.response["Error"]["Code"] == "InvalidParameterValue"


def test_periods_are_whole_ones(watched: Any, name: str, noon: datetime) -> None:
    put(watched, name, noon + timedelta(minutes=1), Value=1)
    found = get(watched, noon + timedelta(minutes=2), query(name, period=300))["m"]
    assert [(time.minute, value) for time, value in zip(found["Timestamps"], found["Values"], strict=True)] == [(0, 1)]


def test_expressions_of_metrics_and_expressions(watched: Any, name: str, noon: datetime) -> None:
    for minute, value in ((0, 4), (1, 0), (2, 6)):
        put(watched, name, noon + timedelta(minutes=minute), Value=value)
    found = get(
        watched,
        noon,
        {"Id": "share", "Expression": "100 * m / total", "Label": "%"},
        {"Id": "total", "Expression": "SUM(m)", "ReturnData": False},
        {**query(name), "ReturnData": False},
        {"Id": "ten", "Expression": "10", "Period": 1_800},
        {"Id": "nothing", "Expression": "MIN(FILL(none, REPEAT))"},
        {**query("none", key="none"), "ReturnData": False},
    )
    assert found.keys() == {"share", "ten", "nothing"}
    assert (found["share"]["Values"], found["share"]["Label"]) == ([60, 0, 40], "%")
    assert found["ten"]["Values"] == [10, 10]
    assert found["nothing"]["Values"] == []


def test_pages_of_data(watched: Any, name: str, noon: datetime) -> None:
    for minute in range(5):
        put(watched, name, noon + timedelta(minutes=minute), Value=minute)
    pages = watched.client.get_paginator("get_metric_data").paginate(
        MetricDataQueries=[query(name)], StartTime=noon, EndTime=noon + timedelta(hours=1), MaxDatapoints=2
    )
    assert [page["MetricDataResults"][0]["Values"] for page in pages] == [[4, 3], [2, 1], [0]]


@pytest.mark.parametrize(
    ("queries", "message"),
    [
        ([query("m", period=45)], "Period must be 1, 5, 10, 20, 30 or a multiple of 60; found 45."),
        ([{"Id": "e", "Expression": "1", "Period": 7}], "found 7"),
        ([query("m"), {"Id": "e", "Expression": "METRICS()"}], "it comes to several time series"),
        ([{"Id": "e", "Expression": "SEARCH('a', 'Sum', 60)"}], "metric math's function SEARCH"),
        ([{**query("m"), "ReturnData": False}], "None of the queries returns data."),
    ],
)
def test_queries_that_cannot_be_answered_are_refused(
    watched: Any, noon: datetime, queries: list[Any], message: str
) -> None:
    with pytest.raises(ClientError) as raised:
        get(watched, noon, *queries)
    assert raised.value.response["Error"]["Code"] == "ValidationError"
    assert message in raised.value.response["Error"]["Message"]


def statistics(watched: Any, name: str, start: datetime, **more: Any) -> Any:
    request = {"Period": 60, "Statistics": ["Sum"], "EndTime": start + timedelta(hours=1), **more}
    given = {key: value for key, value in request.items() if value is not None}
    return watched.client.get_metric_statistics(Namespace="Test", MetricName=name, StartTime=start, **given)


def test_statistics_of_a_metric(watched: Any, name: str, noon: datetime) -> None:
    put(watched, name, noon, Values=[1, 2, 3, 4], Unit="Seconds")
    answer = statistics(watched, name, noon, Statistics=["Average", "Minimum"], ExtendedStatistics=["p50", "tm75"])
    assert answer["Label"] == name
    [point] = answer["Datapoints"]
    assert (point["Unit"], point["Average"], point["Minimum"]) == ("Seconds", 2.5, 1)
    assert point["ExtendedStatistics"] == {"p50": 2, "tm75": 2}
    assert statistics(watched, name, noon, Unit="Bytes")["Datapoints"] == []


def test_percentiles_of_what_is_known_as_a_sum_only_are_left_out(watched: Any, name: str, noon: datetime) -> None:
    put(watched, name, noon, StatisticValues={"SampleCount": 2, "Sum": 9, "Minimum": 4, "Maximum": 5})
    [point] = statistics(watched, name, noon, Statistics=None, ExtendedStatistics=["p50"])["Datapoints"]
    assert "ExtendedStatistics" not in point


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Statistics": None}, "MissingParameter"),
        ({"ExtendedStatistics": ["IQM"]}, "InvalidParameterValue"),
        ({"Period": 45}, "InvalidParameterValue"),
        ({"Period": 1}, "InvalidParameterCombination"),
        ({"EndTime": datetime(2020, 1, 1)}, "ValidationError"),
    ],
)
def test_statistics_that_cannot_be_had_are_refused(
    watched: Any, noon: datetime, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(ClientError) as raised:
        statistics(watched, "m", noon, **changes)
    assert raised.value.response["Error"]["Code"] == code


@pytest.mark.parametrize(
    ("namespace", "datum", "code"),
    [
        ("AWS/Lambda", {"Value": 1}, "InvalidParameterValue"),
        ("Test", {}, "InvalidParameterCombination"),
        ("Test", {"Value": 1, "Values": [1]}, "InvalidParameterCombination"),
        ("Test", {"Values": [1, 2], "Counts": [1]}, "InvalidParameterValue"),
        ("Test", {"Values": [1], "Counts": [0]}, "InvalidParameterValue"),
        ("Test", {"Value": float("inf")}, "InvalidParameterValue"),
        (
            "Test",
            {"StatisticValues": {"SampleCount": 0, "Sum": 1, "Minimum": 1, "Maximum": 1}},
            "InvalidParameterValue",
        ),
        ("Test", {"Value": 1, "Timestamp": datetime(2020, 1, 1)}, "InvalidParameterValue"),
    ],
)
def test_measurements_that_cannot_be_are_refused(
    watched: Any, name: str, namespace: str, datum: dict[str, Any], code: str
) -> None:
    good = {"MetricName": "good-one", "Value": 1}
    with pytest.raises(ClientError) as raised:
        watched.client.put_metric_data(Namespace=namespace, MetricData=[good, {"MetricName": "m", **datum}])
    assert raised.value.response["Error"]["Code"] == code
    assert watched.client.list_metrics(MetricName="good-one")["Metrics"] == []


def test_entities_are_refused(watched: Any) -> None:
    with pytest.raises(ClientError, match="does not serve EntityMetricData"):
        watched.client.put_metric_data(Namespace="Test", EntityMetricData=[{}])


def test_metrics_are_listed_by_what_is_asked(watched: Any, noon: datetime) -> None:
    for value in "ab":
        put(watched, "listed", noon, Value=1, Dimensions=[{"Name": "d", "Value": value}])
    watched.metrics.add("Test", "listed", 1, "Count", {})

    def listed(**more: Any) -> list[Any]:
        found = watched.client.list_metrics(Namespace="Test", MetricName="listed", **more)["Metrics"]
        return [[one["Value"] for one in metric["Dimensions"]] for metric in found]

    assert listed() == [[], ["a"], ["b"]]
    assert listed(Dimensions=[{"Name": "d"}]) == [["a"], ["b"]]
    assert listed(Dimensions=[{"Name": "d", "Value": "b"}]) == [["b"]]
    assert listed(RecentlyActive="PT3H") == [[]]
    assert watched.client.list_metrics(Namespace="Nothing")["Metrics"] == []
