"""What EventBridge's API refuses."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

QUEUE, FUNCTION = "arn:aws:sqs:us-east-1:123456789012:q", "arn:aws:lambda:us-east-1:123456789012:function:f"
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:m"
ENTRY = {"Source": "s", "DetailType": "t", "Detail": "{}"}
EVENT = {
    "id": "1",
    "account": "123456789012",
    "source": "s",
    "time": "2026-11-20T12:30:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail-type": "t",
}


@pytest.fixture
def client(messaging: Any) -> Any:
    return messaging.client("events")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Source": ""}, "InvalidArgument"),
        ({"DetailType": ""}, "InvalidArgument"),
        ({"Detail": ""}, "InvalidArgument"),
        ({"Detail": "{"}, "MalformedDetail"),
        ({"Detail": "[]"}, "MalformedDetail"),
        ({"Detail": '{"x": NaN}'}, "MalformedDetail"),
        ({"Detail": '{"x": ' + "[" * 50_000 + "]" * 50_000 + "}"}, "MalformedDetail"),
        ({"Source": "aws.s3"}, "NotAuthorizedForSource"),
    ],
)
def test_an_entry_that_is_wrong_fails_alone(client: Any, change: Any, code: str) -> None:
    answer = client.put_events(Entries=[ENTRY, {**ENTRY, **change}])
    assert answer["FailedEntryCount"] == 1
    assert "EventId" in answer["Entries"][0]
    assert answer["Entries"][1]["ErrorCode"] == code


def test_too_many_bytes_are_refused(client: Any) -> None:
    large = {**ENTRY, "Detail": json.dumps({"x": "x" * 140_000})}
    with pytest.raises(ClientError, match="Total size of the entries in the request is over the limit"):
        client.put_events(Entries=[large, large])


def test_an_event_has_the_time_that_its_sender_gives(client: Any, messaging: Any, name: str) -> None:
    url, arn = messaging.queue(name, allow="events.amazonaws.com")
    client.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    client.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])
    client.put_events(Entries=[{**ENTRY, "Source": name, "Time": "2026-01-02T03:04:05Z"}])
    assert json.loads(messaging.received(url)[0]["Body"])["time"] == "2026-01-02T03:04:05Z"


def test_a_rule_with_a_wrong_pattern_is_refused(client: Any) -> None:
    with pytest.raises(client.exceptions.InvalidEventPatternException, match="Unrecognized match type contains"):
        client.put_rule(Name="r", EventPattern='{"source": [{"contains": "x"}]}')


def test_a_rule_with_a_wrong_schedule_is_refused(client: Any) -> None:
    for expression in ("cron(0 0 * * * *)", "rate(99999999999999 days)"):
        with pytest.raises(ClientError, match="Parameter ScheduleExpression is not valid"):
            client.put_rule(Name="r", ScheduleExpression=expression)


def test_a_template_may_use_what_eventbridge_gives(client: Any) -> None:
    client.put_rule(Name="template", EventPattern='{"source": ["none"]}')
    transformer = {"InputTemplate": '{"rule": <aws.events.rule-name>, "event": <aws.events.event.json>}'}
    target = {"Id": "1", "Arn": FUNCTION, "InputTransformer": transformer}
    assert client.put_targets(Rule="template", Targets=[target])["FailedEntryCount"] == 0


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"Arn": "arn:aws:kinesis:us-east-1:123456789012:stream/s"}, "delivers events to these services only"),
        ({"Arn": MACHINE}, "RoleArn is required for target"),
        ({"Arn": FUNCTION, "Input": "1", "InputPath": "$"}, "Only one of Input, InputPath must be provided"),
        ({"Arn": FUNCTION, "InputPath": "detail"}, r"Invalid path of target 1: detail does not begin with \$"),
        (
            {"Arn": FUNCTION, "InputTransformer": {"InputPathsMap": {"a": "$.id"}, "InputTemplate": '"<a> <b> <c>"'}},
            "Invalid InputTemplate for target 1: InputPathsMap lacks b, c",
        ),
        ({"Arn": FUNCTION, "DeadLetterConfig": {"Arn": FUNCTION}}, "must be the ARN of a standard SQS queue"),
        ({"Arn": FUNCTION, "DeadLetterConfig": {"Arn": f"{QUEUE}.fifo"}}, "must be the ARN of a standard SQS queue"),
    ],
)
def test_a_target_that_is_wrong_is_refused(client: Any, target: Any, message: str) -> None:
    client.put_rule(Name="targets", EventPattern='{"source": ["none"]}')
    with pytest.raises(ClientError, match=message):
        client.put_targets(Rule="targets", Targets=[{"Id": "1", **target}])


def test_archives_are_refused_by_name(client: Any) -> None:
    with pytest.raises(ClientError, match="does not serve events:CreateArchive"):
        client.create_archive(ArchiveName="a", EventSourceArn="arn:aws:events:us-east-1:123456789012:event-bus/default")


def test_what_is_not_served_is_said_to_be_so_and_not_denied(client: Any) -> None:
    with pytest.raises(ClientError, match="does not serve events:CreateApiDestination") as refused:
        client.create_api_destination(
            Name="d",
            ConnectionArn="arn:aws:events:us-east-1:123456789012:connection/c/0",
            InvocationEndpoint="https://example.com",
            HttpMethod="POST",
        )
    assert refused.value.response["Error"]["Code"] == "UnknownOperationException"


def test_a_pattern_can_be_tested(client: Any) -> None:
    pattern = json.dumps({"source": [{"wildcard": "s*"}]})
    assert client.test_event_pattern(EventPattern=pattern, Event=json.dumps(EVENT))["Result"]
    other = json.dumps({**EVENT, "source": "t"})
    assert not client.test_event_pattern(EventPattern=pattern, Event=other)["Result"]


@pytest.mark.parametrize(
    ("pattern", "event", "message"),
    [
        ("{}", EVENT, "Event pattern is not valid. Reason: Empty objects"),
        ('{"source": ["s"]}', "nonsense", "Parameter Event is not valid"),
        ('{"source": ["s"]}', {"id": "1"}, "it lacks account, source, time, region, resources, detail-type"),
    ],
)
def test_a_test_that_is_none_is_refused(client: Any, pattern: str, event: Any, message: str) -> None:
    text = event if isinstance(event, str) else json.dumps(event)
    with pytest.raises(ClientError, match=message):
        client.test_event_pattern(EventPattern=pattern, Event=text)
