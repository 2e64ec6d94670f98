"""`--speed` on the commands that start a cloud."""

import time
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize("command", [["up"], ["run", "bigmart"]])
def test_a_speed_out_of_range_is_refused(penstock: Any, command: list[str]) -> None:
    ended = penstock("local", *command, "--speed", "0.5")
    assert ended.code == 2
    assert "0.5 is not in the range 1<=x<=100000" in ended.said


def test_a_speed_that_is_no_number_is_refused(penstock: Any, tmp_path: Path) -> None:
    ended = penstock("local", "up", "--state", str(tmp_path), "--speed", "nan")
    assert ended.code == 1
    assert "A speed of nan cannot be had: choose one from 1 to 100,000." in ended.said
    assert "Traceback" not in ended.said


def test_in_a_fast_cloud_an_alarm_fires_in_a_moment_and_its_time_goes_on_in_the_next_one(
    start_cloud: Any, tmp_path: Path
) -> None:
    def history(cloudwatch: Any) -> list[Any]:
        answer = cloudwatch.describe_alarm_history(HistoryItemType="StateUpdate", ScanBy="TimestampAscending")
        return list(answer["AlarmHistoryItems"])

    cloud = start_cloud(tmp_path, "--port", "0", "--speed", "5000")
    try:
        cloudwatch = cloud.client("cloudwatch")
        data = [{"MetricName": "m", "Value": 5}]
        cloudwatch.put_metric_data(Namespace="N", MetricData=data)
        cloudwatch.put_metric_alarm(
            AlarmName="a",
            Namespace="N",
            MetricName="m",
            Statistic="Sum",
            Period=3600,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="notBreaching",
        )
        deadline = time.monotonic() + 20
        while not any(item["HistorySummary"].endswith("ALARM to OK") for item in history(cloudwatch)):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        before = history(cloudwatch)
    finally:
        cloud.stop()
    again = start_cloud(tmp_path, "--port", "0")
    try:
        cloudwatch = again.client("cloudwatch")
        assert history(cloudwatch)[: len(before)] == before
        [alarm] = cloudwatch.describe_alarms()["MetricAlarms"]
        assert alarm["StateValue"] == "OK"
        cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="by hand")
        assert history(cloudwatch)[-1]["Timestamp"] > before[-1]["Timestamp"]
    finally:
        again.stop()
