import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Until = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def children(watched: Any, name: str) -> list[str]:
    return [watched.alarm(f"{name}-{number}", TreatMissingData="ignore") for number in (1, 2)]


def set_state(watched: Any, name: str, value: str) -> None:
    watched.client.set_alarm_state(AlarmName=name, StateValue=value, StateReason="by hand")


def test_a_composite_alarm_follows_its_children(watched: Any, name: str, children: list[str], until: Until) -> None:
    topic, messages = watched.topic(name)
    rule = f'ALARM("{children[0]}") AND NOT OK({children[1]})'
    watched.client.put_composite_alarm(AlarmName=name, AlarmRule=rule, AlarmActions=[topic], AlarmDescription="why")
    first = watched.described(name)
    assert (first["StateValue"], first["AlarmRule"]) == ("OK", rule)
    assert first["StateReason"] == f"{first['AlarmArn']} was created and its alarm rule evaluates to OK"
    set_state(watched, children[0], "ALARM")
    fired, child = watched.described(name), watched.described(children[0])
    assert fired["StateValue"] == "ALARM"
    assert fired["StateReason"] == (
        f"{child['AlarmArn']} transitioned to ALARM at "
        f"{child['StateTransitionedTimestamp'].astimezone(tz=None):%A %d %B, %Y %H:%M:%S UTC}"
    )
    [told] = until(messages)
    message = json.loads(told["Message"])
    assert (message["AlarmRule"], message["NewStateValue"], message["OldStateValue"]) == (rule, "ALARM", "OK")
    [triggering] = message["TriggeringChildren"]
    assert (triggering["Arn"], triggering["State"]["Value"]) == (child["AlarmArn"], "ALARM")
    [event] = [event for event in watched.bus.events if event["resources"] == [fired["AlarmArn"]]][1:]
    assert event["detail"]["configuration"] == {"alarmRule": rule, "description": "why"}
    set_state(watched, children[1], "OK")
    assert watched.described(name)["StateValue"] == "OK"


def test_composite_alarms_of_composite_alarms_follow_too(watched: Any, name: str, children: list[str]) -> None:
    put = watched.client.put_composite_alarm
    put(AlarmName=f"{name}-a", AlarmRule=f"ALARM({children[0]}) OR ALARM({children[1]})")
    put(AlarmName=f"{name}-b", AlarmRule=f"NOT ALARM({name}-a)")
    put(AlarmName=f"{name}-a", AlarmRule=f"ALARM({children[0]})")
    assert watched.described(f"{name}-b")["StateValue"] == "ALARM"
    set_state(watched, children[0], "ALARM")
    assert watched.described(f"{name}-a")["StateValue"] == "ALARM"
    assert watched.described(f"{name}-b")["StateValue"] == "OK"


def test_alarms_that_depend_on_each_other_come_to_rest(watched: Any, name: str, children: list[str]) -> None:
    put = watched.client.put_composite_alarm
    put(AlarmName=f"{name}-a", AlarmRule=f"ALARM({children[0]})")
    put(AlarmName=f"{name}-b", AlarmRule=f"ALARM({name}-a)")
    put(AlarmName=f"{name}-a", AlarmRule=f"ALARM({children[0]}) AND NOT ALARM({name}-b)")
    set_state(watched, children[0], "ALARM")
    assert {watched.described(f"{name}-{one}")["StateValue"] for one in "ab"} <= {"OK", "ALARM"}


def test_children_and_parents(watched: Any, name: str, children: list[str]) -> None:
    watched.client.put_composite_alarm(AlarmName=name, AlarmRule=" AND ".join(f"OK({child})" for child in children))
    found = watched.client.describe_alarms(ChildrenOfAlarmName=name)
    assert [alarm["AlarmName"] for alarm in found["MetricAlarms"]] == children
    assert found["MetricAlarms"][0].keys() == {"AlarmName", "AlarmArn", "StateValue", "StateUpdatedTimestamp"}
    [parent] = watched.client.describe_alarms(ParentsOfAlarmName=children[0])["CompositeAlarms"]
    assert parent["AlarmName"] == name
    with pytest.raises(watched.client.exceptions.ResourceNotFound):
        watched.client.describe_alarms(ChildrenOfAlarmName="nobody")


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"AlarmRule": "ALARM("}, "Error in AlarmRule: "),
        ({"AlarmRule": "ALARM(nobody)"}, "alarms [nobody] in the alarm rule do not exist"),
        ({"AlarmRule": "TRUE", "ActionsSuppressor": "a"}, "does not serve ActionsSuppressor of alarms"),
        ({"AlarmRule": "TRUE", "OKActions": ["x"]}, "Invalid arn syntax: x"),
        ({"AlarmRule": "TRUE", "AlarmName": "of-a-metric"}, "There is another alarm of the name of-a-metric"),
    ],
)
def test_what_cannot_be_is_refused(watched: Any, name: str, request_: dict[str, Any], message: str) -> None:
    watched.alarm("of-a-metric")
    with pytest.raises(ClientError) as raised:
        watched.client.put_composite_alarm(**{"AlarmName": name, **request_})
    assert raised.value.response["Error"]["Code"] == "ValidationError"
    assert message in raised.value.response["Error"]["Message"]


def test_an_alarm_cannot_name_itself(watched: Any, name: str) -> None:
    watched.client.put_composite_alarm(AlarmName=name, AlarmRule="TRUE")
    with pytest.raises(ClientError, match="cannot name the composite alarm itself"):
        watched.client.put_composite_alarm(AlarmName=name, AlarmRule=f"OK({name})")


def test_two_composite_alarms_are_not_deleted_at_once(watched: Any, name: str) -> None:
    for one in "ab":
        watched.client.put_composite_alarm(AlarmName=f"{name}-{one}", AlarmRule="FALSE")
    with pytest.raises(ClientError, match="At most one composite alarm"):
        watched.client.delete_alarms(AlarmNames=[f"{name}-a", f"{name}-b"])
    watched.client.delete_alarms(AlarmNames=[f"{name}-a"])
    watched.client.get_waiter("composite_alarm_exists").wait(AlarmNames=[f"{name}-b"], AlarmTypes=["CompositeAlarm"])
