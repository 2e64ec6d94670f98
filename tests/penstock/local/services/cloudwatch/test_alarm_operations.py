"""How alarms are found."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

AWS = Path(sys.executable).with_name("aws")


@pytest.fixture(scope="module")
def several(watched: Any) -> Any:
    """Five alarms: one fires, one has an action, one is a composite one."""
    topic = "arn:aws:sns:us-east-1:123456789012:topic"
    for number in range(4):
        watched.alarm(f"several-{number}", TreatMissingData="ignore", AlarmActions=[topic] if number == 1 else [])
    watched.client.set_alarm_state(AlarmName="several-2", StateValue="OK", StateReason="by hand")
    watched.client.put_composite_alarm(AlarmName="several-composite", AlarmRule="FALSE")
    return watched


def names(alarms: Any) -> list[str]:
    return [alarm["AlarmName"] for alarm in alarms]


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        ({}, [f"several-{number}" for number in range(4)]),
        ({"AlarmNames": ["several-3", "several-1", "nobody"]}, ["several-1", "several-3"]),
        ({"AlarmNamePrefix": "several-1"}, ["several-1"]),
        ({"StateValue": "OK"}, ["several-2"]),
        ({"ActionPrefix": "arn:aws:sns"}, ["several-1"]),
        ({"AlarmTypes": ["CompositeAlarm"]}, []),
    ],
)
def test_alarms_are_found_by_what_is_asked(several: Any, request_: dict[str, Any], found: list[str]) -> None:
    assert names(several.client.describe_alarms(**request_)["MetricAlarms"]) == found


def test_composite_alarms_are_found_when_asked_for(several: Any) -> None:
    assert several.client.describe_alarms()["CompositeAlarms"] == []
    found = several.client.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert names(found) == ["several-composite"]


def test_pages(several: Any) -> None:
    pages = [*several.client.get_paginator("describe_alarms").paginate(MaxRecords=3)]
    assert [len(page["MetricAlarms"]) for page in pages] == [3, 1]
    history = several.client.get_paginator("describe_alarm_history")
    assert sum(len(page["AlarmHistoryItems"]) for page in history.paginate(MaxRecords=2)) == 7
    with pytest.raises(several.client.exceptions.InvalidNextToken):
        several.client.describe_alarms(NextToken="?")


def test_history_is_found_by_time(several: Any) -> None:
    now = several.clock.now()
    assert several.client.describe_alarm_history(StartDate=now, EndDate=now)["AlarmHistoryItems"] == []
    assert len(several.client.describe_alarm_history(EndDate=now)["AlarmHistoryItems"]) == 7


def test_names_and_a_prefix_cannot_both_be_asked_for(several: Any) -> None:
    with pytest.raises(ClientError, match="can not be specified together"):
        several.client.describe_alarms(AlarmNames=["a"], AlarmNamePrefix="a")


def test_the_alarms_of_a_metric(several: Any) -> None:
    find = several.client.describe_alarms_for_metric
    assert names(find(Namespace="Test", MetricName="several-1")["MetricAlarms"]) == ["several-1"]
    assert find(Namespace="Test", MetricName="several-1", Period=300)["MetricAlarms"] == []
    assert find(Namespace="Test", MetricName="other")["MetricAlarms"] == []


def test_a_state_with_data_that_is_no_json_is_refused(several: Any) -> None:
    with pytest.raises(several.client.exceptions.InvalidFormatFault):
        several.client.set_alarm_state(
            AlarmName="several-0", StateValue="OK", StateReason="by hand", StateReasonData="{"
        )


def test_waiters(several: Any) -> None:
    several.client.get_waiter("alarm_exists").wait(AlarmNames=["several-0"])
    several.client.get_waiter("composite_alarm_exists").wait(
        AlarmNames=["several-composite"], AlarmTypes=["CompositeAlarm"]
    )


def test_the_aws_cli_describes_alarms(several: Any) -> None:
    done = subprocess.run(
        [AWS, "cloudwatch", "describe-alarms", "--alarm-names", "several-0", "--output", "json"],
        env=several.cloud.variables(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    [alarm] = json.loads(done.stdout)["MetricAlarms"]
    assert (alarm["AlarmName"], alarm["Period"], alarm["ActionsEnabled"]) == ("several-0", 60, True)


def test_what_is_not_served_is_said_to_be_so_and_not_denied(watched: Any) -> None:
    with pytest.raises(ClientError, match=r"does not serve cloudwatch:PutAnomalyDetector\. It serves .*") as refused:
        watched.client.put_anomaly_detector(Namespace="N", MetricName="m", Stat="Sum")
    assert refused.value.response["Error"]["Code"] == "UnknownOperationException"
