"""Whom an alarm tells of its changes, and in which words."""

import json
from collections.abc import Callable
from typing import Any

Until = Callable[[Callable[[], Any]], Any]


def test_a_topic_is_told_in_the_words_of_aws(watched: Any, name: str, until: Until) -> None:
    topic, messages = watched.topic(name)
    watched.alarm(name, AlarmActions=[topic], Dimensions=[{"Name": "a", "Value": "b"}], AlarmDescription="why")
    watched.client.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="by hand")
    [told] = until(messages)
    assert told["Subject"] == f'ALARM: "{name}" in US East (N. Virginia)'[:100]
    message = json.loads(told["Message"])
    assert message.pop("StateChangeTime").endswith("+0000")
    assert message.pop("AlarmConfigurationUpdatedTimestamp").endswith("+0000")
    assert message.pop("OldStateValue") in {"OK", "INSUFFICIENT_DATA"}
    assert message == {
        "AlarmName": name,
        "AlarmDescription": "why",
        "AWSAccountId": "123456789012",
        "NewStateValue": "ALARM",
        "NewStateReason": "by hand",
        "Region": "US East (N. Virginia)",
        "AlarmArn": f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{name}",
        "OKActions": [],
        "AlarmActions": [topic],
        "InsufficientDataActions": [],
        "Trigger": {
            "MetricName": name,
            "Namespace": "Test",
            "StatisticType": "Statistic",
            "Statistic": "SUM",
            "Unit": None,
            "Dimensions": [{"value": "b", "name": "a"}],
            "Period": 60,
            "EvaluationPeriods": 1,
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": 0,
            "TreatMissingData": "notBreaching",
            "EvaluateLowSampleCountPercentile": "",
        },
    }
    assert watched.history(name, "Action") == [f"Successfully executed action {topic}"]


def test_a_topic_whose_policy_does_not_let_the_alarm_in_is_not_told(watched: Any, name: str, until: Until) -> None:
    topic = watched.cloud.clients.operator("sns").create_topic(Name=name)["TopicArn"]
    policy = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "*", "Resource": topic}
    watched.cloud.clients.operator("sns").set_topic_attributes(
        TopicArn=topic,
        AttributeName="Policy",
        AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [policy]}),
    )
    watched.alarm(name, AlarmActions=[topic])
    watched.client.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="by hand")
    [summary] = until(lambda: watched.history(name, "Action"))
    assert summary.startswith(f'Failed to execute action {topic}. Received error: "')


def test_actions_are_for_changes_only_and_can_be_disabled(watched: Any, name: str, until: Until) -> None:
    topic, messages = watched.topic(name)
    watched.alarm(name, AlarmActions=[topic], OKActions=[topic], TreatMissingData="ignore")
    client = watched.client
    for state in ("ALARM", "ALARM", "OK"):
        client.set_alarm_state(AlarmName=name, StateValue=state, StateReason="by hand")
    client.disable_alarm_actions(AlarmNames=[name, "nobody"])
    client.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="by hand")
    client.enable_alarm_actions(AlarmNames=[name])
    client.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="at last")
    read = until(lambda: found if len(found := messages()) == 3 else None)
    told = [json.loads(message["Message"]) for message in read]
    assert [message["NewStateValue"] for message in told] == ["ALARM", "OK", "OK"]
    assert told[-1]["NewStateReason"] == "at last"


def test_an_event_says_what_changed(watched: Any, name: str, until: Until) -> None:
    watched.alarm(name, TreatMissingData="ignore", AlarmDescription="why", Unit="Count")
    watched.client.set_alarm_state(
        AlarmName=name, StateValue="ALARM", StateReason="by hand", StateReasonData='{"a": 1}'
    )
    arn = watched.described(name)["AlarmArn"]
    [event] = until(lambda: [event for event in watched.bus.events if event["resources"] == [arn]])
    assert (event["source"], event["detail-type"]) == ("aws.cloudwatch", "CloudWatch Alarm State Change")
    detail = event["detail"]
    assert detail["alarmName"] == name
    assert detail["state"].pop("timestamp").endswith("+0000")
    assert detail["state"] == {"value": "ALARM", "reason": "by hand", "reasonData": '{"a": 1}'}
    assert detail["previousState"]["value"] == "INSUFFICIENT_DATA"
    metric = {"namespace": "Test", "name": name, "dimensions": {}}
    stat = {"metric": metric, "period": 60, "stat": "Sum", "unit": "Count"}
    assert detail["configuration"] == {
        "description": "why",
        "metrics": [{"id": "m1", "returnData": True, "metricStat": stat}],
    }
