"""Alarms as their clients see them."""

from typing import Any

import pytest


def fault(watched: Any, name: str, value: float = 1) -> None:
    watched.metrics.add("Test", name, value, "Count", {})


def test_an_alarm_goes_to_ok_to_alarm_and_back_with_the_reasons_of_aws(watched: Any, name: str) -> None:
    watched.alarm(name, DatapointsToAlarm=1)
    assert watched.moves(name, "OK")["stateReason"] == (
        "Threshold Crossed: no datapoints were received for 1 period"
        " and 1 missing datapoint was treated as [NonBreaching]."
    )
    fault(watched, name, 5)
    fired = watched.moves(name, "OK", "ALARM")
    data = fired["stateReasonData"]
    assert (data["recentDatapoints"], data["period"], data["statistic"]) == ([5], 60, "Sum")
    assert data["evaluatedDatapoints"] == [{"timestamp": data["startDate"], "value": 5}]
    day, time = data["startDate"][:10].split("-"), data["startDate"][11:19]
    assert fired["stateReason"] == (
        f"Threshold Crossed: 1 out of the last 1 datapoints [5.0 ({day[2]}/{day[1]}/{day[0][2:]} {time})]"
        " was greater than the threshold (0.0) (minimum 1 datapoint for OK -> ALARM transition)."
    )
    watched.moves(name, "OK", "ALARM", "OK")
    described = watched.described(name)
    assert described["StateTransitionedTimestamp"] == described["StateUpdatedTimestamp"]


def test_without_data_that_is_missing_the_state_is_unknown(watched: Any, name: str) -> None:
    watched.alarm(name, TreatMissingData=None, EvaluationPeriods=3)
    first = watched.described(name)
    assert (first["StateValue"], first["StateReason"]) == ("INSUFFICIENT_DATA", "Unchecked: Initial alarm creation")
    fault(watched, name, 0)
    again = watched.moves(name, "OK", "INSUFFICIENT_DATA")
    assert again["stateReason"] == "Insufficient Data: 3 datapoints were unknown."


def test_missing_data_that_is_breaching_raises_the_alarm(watched: Any, name: str) -> None:
    watched.alarm(name, TreatMissingData="breaching", EvaluationPeriods=2)
    assert "2 missing datapoints were treated as [Breaching]." in watched.moves(name, "ALARM")["stateReason"]


def test_two_of_three_data_points(watched: Any, name: str) -> None:
    now = watched.clock.now().timestamp()
    points = [
        {"MetricName": name, "Value": value, "Timestamp": now - minutes * 60}
        for minutes, value in ((144, 1), (84, 0), (24, 1))
    ]
    watched.client.put_metric_data(Namespace="Test", MetricData=points)
    watched.alarm(name, EvaluationPeriods=3, DatapointsToAlarm=2, Period=3_600)
    reason = watched.moves(name, "ALARM")["stateReason"]
    assert reason.startswith("Threshold Crossed: 2 out of the last 3 datapoints [1.0 (")
    assert reason.endswith("were greater than the threshold (0.0) (minimum 2 datapoints for OK -> ALARM transition).")


def test_periods_of_ten_seconds_and_a_percentile(watched: Any, name: str) -> None:
    watched.alarm(name, Period=10, Statistic=None, ExtendedStatistic="p90", Threshold=4)
    watched.moves(name, "OK")
    point = {"MetricName": name, "Values": [1, 5], "Counts": [1, 3], "StorageResolution": 1}
    watched.client.put_metric_data(Namespace="Test", MetricData=[point])
    data = watched.moves(name, "OK", "ALARM", "OK")["stateReasonData"]
    assert (data["statistic"], data["period"]) == ("p90", 10)


def test_days_are_evaluated_by_the_hour(watched: Any, name: str) -> None:
    watched.alarm(name, Period=86_400, EvaluationPeriods=7)
    assert "no datapoints were received for 7 periods" in watched.moves(name, "OK")["stateReason"]


def test_an_expression_that_cannot_be_calculated_leaves_the_state_unknown(watched: Any, name: str) -> None:
    stat = {"Metric": {"Namespace": "Test", "MetricName": name}, "Period": 60, "Stat": "Sum"}
    metrics = [
        {"Id": "m", "MetricStat": stat, "ReturnData": False},
        {"Id": "e", "Expression": "FILL(SUM(m), 0)"},
    ]
    watched.alarm(name, Metrics=metrics)
    watched.client.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="by hand")
    reason = watched.moves(name, "OK", "INSUFFICIENT_DATA")["stateReason"]
    assert reason == "Error in expression 'e': FILL takes time series."


def test_an_alarm_that_is_put_again_keeps_its_state(watched: Any, name: str) -> None:
    watched.alarm(name, TreatMissingData="ignore", Tags=[{"Key": "a", "Value": "1"}])
    watched.client.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="by hand")
    watched.alarm(name, TreatMissingData="ignore", Threshold=7)
    again = watched.described(name)
    assert (again["StateValue"], again["Threshold"]) == ("ALARM", 7)
    kinds = [f'Alarm "{name}" {what}' for what in ("created", "updated")]
    assert watched.history(name, "ConfigurationUpdate") == kinds


def test_a_deleted_alarm_is_gone_and_its_history_is_not(watched: Any, name: str) -> None:
    watched.alarm(name)
    watched.client.delete_alarms(AlarmNames=[name, "nobody"])
    assert watched.client.describe_alarms(AlarmNames=[name])["MetricAlarms"] == []
    assert watched.history(name, "ConfigurationUpdate")[-1] == f'Alarm "{name}" deleted'
    with pytest.raises(watched.client.exceptions.ResourceNotFound):
        watched.client.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="?")


def test_tags(watched: Any, name: str) -> None:
    arn = watched.described(watched.alarm(name, Tags=[{"Key": "a", "Value": "1"}]))["AlarmArn"]
    watched.client.tag_resource(ResourceARN=arn, Tags=[{"Key": "b", "Value": "2"}])
    watched.client.untag_resource(ResourceARN=arn, TagKeys=["a"])
    assert watched.client.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    with pytest.raises(watched.client.exceptions.ResourceNotFoundException):
        watched.client.list_tags_for_resource(ResourceARN=f"{arn}-other")


def test_what_an_earlier_cloud_had_is_there_again(watched: Any, name: str) -> None:
    watched.alarm(name, TreatMissingData="ignore")
    watched.client.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="by hand")
    history = watched.history(name, "StateUpdate")
    described = watched.described(name)
    second = watched.start()
    try:
        watched.cloud.services["cloudwatch"] = second
        assert watched.described(name) == described
        assert watched.history(name, "StateUpdate") == history
    finally:
        watched.cloud.services["cloudwatch"] = watched.service
        second.close()
