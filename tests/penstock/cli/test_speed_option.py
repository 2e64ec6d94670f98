"""`--speed` on the commands that start a cloud."""

import time
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from penstock.cli import main
from penstock.cli.speed_option import speed_option


@pytest.mark.parametrize("command", [["local", "up"], ["local", "run", "bigmart"]])
@pytest.mark.parametrize("speed", ["0.5", "100001", "nan", "abc", ""])
def test_a_speed_that_is_no_number_in_the_range_is_refused(command: list[str], speed: str) -> None:
    ended = CliRunner().invoke(main, [*command, "--speed", speed])
    assert ended.exit_code == 2
    assert f"Invalid value for '--speed': {speed!r} is not a number from 1 to 100,000." in ended.output


@pytest.mark.parametrize("given", [["--speed", "1"], ["--speed", "2.5"], ["--speed", "1e5"], []])
def test_a_speed_in_the_range_is_a_number(given: list[str]) -> None:
    @click.command()
    @speed_option
    def show(speed: float) -> None:
        click.echo(repr(speed))

    assert CliRunner().invoke(show, given).output == f"{float(given[1]) if given else 1.0!r}\n"


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
