"""Which events reach which targets, and as whom."""

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from penstock.local.clock import Clock
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.events import Events
from penstock.local.services.stepfunctions import StepFunctions
from penstock.local.store import Store

EVENTS = "events.amazonaws.com"


class Bus:
    """EventBridge as its clients see it."""

    def __init__(self, messaging: Any, name: str) -> None:
        self.messaging, self.name = messaging, name
        self.client = messaging.client("events")

    def rule(self, *targets: dict[str, Any], suffix: str = "", pattern: Any = None, **more: Any) -> str:
        """Make a rule for the events of this test, and return its ARN."""
        pattern = {"source": [self.name]} if pattern is None else pattern
        arn = self.client.put_rule(Name=self.name + suffix, EventPattern=json.dumps(pattern), **more)["RuleArn"]
        if targets:
            numbered = [{"Id": f"target-{number}", **target} for number, target in enumerate(targets)]
            self.client.put_targets(Rule=self.name + suffix, Targets=numbered)
        return str(arn)

    def put(self, detail: Any = None, **more: Any) -> Any:
        entry = {"Source": self.name, "DetailType": "test", "Detail": json.dumps(detail or {}), **more}
        return self.client.put_events(Entries=[entry])


@pytest.fixture
def bus(messaging: Any, name: str) -> Bus:
    return Bus(messaging, name)


def bodies(messages: list[Any]) -> list[Any]:
    return [json.loads(message["Body"]) for message in messages]


def attributes(message: Any) -> dict[str, str]:
    return {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}


def test_an_event_of_a_client_reaches_a_queue(bus: Bus, messaging: Any, name: str) -> None:
    url, arn = messaging.queue(name, allow=EVENTS)
    bus.rule({"Arn": arn})
    answer = bus.put({"status": "FAILED"}, Resources=["arn:r"])
    [event] = bodies(messaging.received(url))
    assert event.pop("id") == answer["Entries"][0]["EventId"]
    time_ = event.pop("time")
    assert len(time_) == len("2026-01-01T00:00:00Z")
    assert event == {
        "version": "0",
        "account": "123456789012",
        "region": "us-east-1",
        "source": name,
        "detail-type": "test",
        "resources": ["arn:r"],
        "detail": {"status": "FAILED"},
    }
    assert answer["FailedEntryCount"] == 0


def test_moto_does_not_deliver_it_a_second_time(bus: Bus, messaging: Any, name: str) -> None:
    url, arn = messaging.queue(name, allow=EVENTS)
    bus.rule({"Arn": arn})
    for _ in range(3):
        bus.put()
    messaging.received(url, 3)
    assert messaging.empty(url)


def test_an_event_of_a_service_reaches_a_function(
    bus: Bus, messaging: Any, name: str, tmp_path: Path, lines: Any
) -> None:
    function = messaging.function(name, tmp_path / "events")
    messaging.permit(function, EVENTS, bus.rule({"Arn": function}))
    messaging.events.publish({"source": name, "detail-type": "t", "resources": [], "detail": {"a": 1}})
    [event] = lines(tmp_path / "events")
    assert (event["detail"], event["source"]) == ({"a": 1}, name)


def test_the_order_of_events_is_kept(bus: Bus, messaging: Any, name: str) -> None:
    url, arn = messaging.queue(f"{name}.fifo", allow=EVENTS, ContentBasedDeduplication="true")
    bus.rule({"Arn": arn, "SqsParameters": {"MessageGroupId": "all"}})
    for number in range(30):
        bus.put({"number": number})
    assert [event["detail"]["number"] for event in bodies(messaging.received(url, 30))] == [*range(30)]


def test_events_that_the_pattern_does_not_match_are_not_delivered(bus: Bus, messaging: Any, name: str) -> None:
    url, arn = messaging.queue(name, allow=EVENTS)
    bus.rule({"Arn": arn}, pattern={"source": [name], "detail": {"status": ["FAILED", "ABORTED"]}})
    for status in ("RUNNING", "SUCCEEDED", "ABORTED"):
        bus.put({"status": status})
    assert [event["detail"]["status"] for event in bodies(messaging.received(url))] == ["ABORTED"]


def test_a_disabled_rule_delivers_nothing(bus: Bus, messaging: Any, name: str) -> None:
    url, arn = messaging.queue(name, allow=EVENTS)
    bus.rule({"Arn": arn}, State="DISABLED")
    bus.put({"number": 1})
    bus.client.enable_rule(Name=name)
    bus.put({"number": 2})
    assert [event["detail"]["number"] for event in bodies(messaging.received(url))] == [2]


def test_a_bus_of_its_own_has_its_own_rules(bus: Bus, messaging: Any, name: str) -> None:
    url, arn = messaging.queue(name, allow=EVENTS)
    bus.client.create_event_bus(Name=name)
    bus.client.put_rule(Name=name, EventBusName=name, EventPattern=json.dumps({"source": [name]}))
    bus.client.put_targets(Rule=name, EventBusName=name, Targets=[{"Id": "1", "Arn": arn}])
    bus.put({"bus": "default"})
    bus.put({"bus": "own"}, EventBusName=name)
    assert [event["detail"]["bus"] for event in bodies(messaging.received(url))] == ["own"]
    assert messaging.metrics.count("Invocations", EventBusName=name, RuleName=name) == 1


def test_an_event_for_no_bus_is_lost(bus: Bus, name: str, caplog: pytest.LogCaptureFixture) -> None:
    assert bus.put(EventBusName="nowhere")["FailedEntryCount"] == 0
    assert f"there is no event bus nowhere; an event of {name} is lost" in caplog.text


def test_a_topic_is_published_to(bus: Bus, messaging: Any, name: str) -> None:
    url, queue = messaging.queue(name, allow="sns.amazonaws.com")
    topic = messaging.topic(name, allow=EVENTS)
    messaging.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    bus.rule({"Arn": topic, "Input": '"something happened"'})
    bus.put()
    assert [body["Message"] for body in bodies(messaging.received(url))] == ['"something happened"']


def test_a_log_group_is_written_to(bus: Bus, messaging: Any, name: str, until: Any) -> None:
    logs, group = messaging.client("logs"), f"/aws/events/{name}"
    logs.create_log_group(logGroupName=group)
    principal = {"Service": EVENTS}
    actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
    statement = {"Effect": "Allow", "Principal": principal, "Action": actions, "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    logs.put_resource_policy(policyName=name, policyDocument=policy)
    bus.rule({"Arn": f"arn:aws:logs:us-east-1:123456789012:log-group:{group}", "InputPath": "$.detail"})
    bus.put({"a": 1})
    [event] = until(lambda: logs.filter_log_events(logGroupName=group)["events"])
    assert json.loads(event["message"]) == {"a": 1}


def test_a_state_machine_is_started_with_the_role_of_the_target(
    bus: Bus, messaging: Any, name: str, until: Any
) -> None:
    clock, store = Clock(), Store()
    service = StepFunctions(
        clients=messaging.clients,
        events=messaging.events,
        access=messaging.cloud.access,
        metrics=Metrics(clock=clock, store=store),
        store=store,
        clock=clock,
    )
    messaging.cloud.add(service)
    states, role = messaging.client("stepfunctions"), messaging.cloud.role()
    definition = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E", "Cause": "c"}}}
    machine = states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=role)
    arn = machine["stateMachineArn"]
    url, queue = messaging.queue(name, allow=EVENTS)
    failed = {"source": ["aws.states"], "detail": {"status": ["FAILED"], "stateMachineArn": [arn]}}
    bus.rule({"Arn": queue}, suffix="-failed", pattern=failed)
    bus.rule({"Arn": arn, "RoleArn": role, "InputTransformer": {"InputTemplate": '{"by": <aws.events.rule-name>}'}})
    event = bus.put()["Entries"][0]["EventId"]
    [told] = bodies(messaging.received(url))
    assert told["detail-type"] == "Step Functions Execution Status Change"
    assert told["detail"]["name"].startswith(f"{event}_")
    assert json.loads(told["detail"]["input"]) == {"by": name}


def test_a_target_may_have_a_role(bus: Bus, messaging: Any, name: str) -> None:
    url, arn = messaging.queue(name)
    bus.rule({"Arn": arn, "RoleArn": messaging.cloud.role()})
    bus.put()
    messaging.received(url)


def test_a_role_that_events_may_not_assume_does_not_help(bus: Bus, messaging: Any, name: str) -> None:
    letters, dead = messaging.queue(f"{name}-dead", allow=EVENTS)
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = messaging.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    machine = "arn:aws:states:us-east-1:123456789012:stateMachine:m"
    bus.rule({"Arn": machine, "RoleArn": role, "DeadLetterConfig": {"Arn": dead}})
    bus.put()
    told = attributes(messaging.received(letters)[0])
    assert (told["ERROR_CODE"], "sts:AssumeRole" in told["ERROR_MESSAGE"]) == ("NO_PERMISSIONS", True)


def test_a_target_that_does_not_let_the_rule_in_is_not_reached(
    bus: Bus, messaging: Any, name: str, until: Any, caplog: pytest.LogCaptureFixture
) -> None:
    url, arn = messaging.queue(name)
    letters, dead = messaging.queue(f"{name}-dead", allow=EVENTS)
    rule = bus.rule({"Arn": arn, "DeadLetterConfig": {"Arn": dead}})
    event = bus.put({"a": 1})["Entries"][0]["EventId"]
    [letter] = messaging.received(letters)
    assert json.loads(letter["Body"])["id"] == event
    told = attributes(letter)
    message = told.pop("ERROR_MESSAGE")
    assert "sqs:sendmessage" in message.lower()
    assert told == {"RULE_ARN": rule, "TARGET_ARN": arn, "ERROR_CODE": "NO_PERMISSIONS", "RETRY_ATTEMPTS": "0"}
    assert messaging.empty(url)
    assert f"rule {name} did not reach {arn}" in caplog.text
    until(lambda: messaging.metrics.count("InvocationsSentToDlq", RuleName=name) == 1)
    assert messaging.metrics.count("FailedInvocations", RuleName=name) == 1


def test_a_permission_for_another_rule_does_not_help(
    bus: Bus, messaging: Any, name: str, tmp_path: Path, until: Any, caplog: pytest.LogCaptureFixture
) -> None:
    function = messaging.function(name, tmp_path / "events")
    messaging.permit(function, EVENTS, "arn:aws:events:us-east-1:123456789012:rule/another")
    bus.rule({"Arn": function})
    bus.put()
    until(lambda: f"rule {name} did not reach {function}" in caplog.text)
    assert not (tmp_path / "events").exists()


def test_a_target_that_is_not_there_does_not_hold_up_the_others(
    bus: Bus, messaging: Any, name: str, caplog: pytest.LogCaptureFixture, until: Any
) -> None:
    url, arn = messaging.queue(name, allow=EVENTS)
    gone = "arn:aws:lambda:us-east-1:123456789012:function:gone"
    bus.rule({"Arn": gone}, {"Arn": arn})
    bus.put()
    messaging.received(url)
    until(lambda: f"did not reach {gone}" in caplog.text)


def test_dead_letters_that_cannot_be_sent_are_counted(
    bus: Bus, messaging: Any, name: str, until: Any, caplog: pytest.LogCaptureFixture
) -> None:
    gone = "arn:aws:sqs:us-east-1:123456789012:gone"
    bus.rule({"Arn": gone, "DeadLetterConfig": {"Arn": gone}})
    bus.put()
    until(lambda: messaging.metrics.count("InvocationsFailedToBeSentToDlq", RuleName=name) == 1)
    assert "did not reach the dead letters" in caplog.text


def test_a_busy_target_is_tried_again(bus: Bus, messaging: Any, name: str) -> None:
    url, arn = messaging.queue(name, allow=EVENTS)
    bus.rule({"Arn": arn})
    messaging.throttle("sqs:SendMessage", name, 2)
    bus.put({"number": 1})
    bus.put({"number": 2})
    assert [event["detail"]["number"] for event in bodies(messaging.received(url, 2))] == [1, 2]
    assert messaging.metrics.count("Invocations", RuleName=name) == 2


def test_a_target_that_stays_busy_is_given_up(bus: Bus, messaging: Any, name: str) -> None:
    letters, dead = messaging.queue(f"{name}-dead", allow=EVENTS)
    topic = messaging.topic(name, allow=EVENTS)
    policy = {"MaximumRetryAttempts": 2}
    bus.rule({"Arn": topic, "RetryPolicy": policy, "DeadLetterConfig": {"Arn": dead}})
    messaging.throttle("sns:Publish", name, 3)
    bus.put()
    told = attributes(messaging.received(letters)[0])
    assert told["ERROR_CODE"] == "ERROR_FROM_TARGET"
    assert told["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"
    assert told["RETRY_ATTEMPTS"] == "2"


def test_an_event_that_grows_too_old_is_given_up(bus: Bus, messaging: Any, name: str) -> None:
    letters, dead = messaging.queue(f"{name}-dead", allow=EVENTS)
    topic = messaging.topic(name, allow=EVENTS)
    policy = {"MaximumEventAgeInSeconds": 60}
    bus.rule({"Arn": topic, "RetryPolicy": policy, "DeadLetterConfig": {"Arn": dead}})
    messaging.throttle("sns:Publish", name, 50)
    bus.put()
    told = attributes(messaging.received(letters)[0])
    assert told["EXHAUSTED_RETRY_CONDITION"] == "MaximumEventAgeInSeconds"


def test_events_are_counted(bus: Bus, messaging: Any, name: str, until: Any) -> None:
    url, arn = messaging.queue(name, allow=EVENTS)
    bus.rule({"Arn": arn})
    bus.put()
    messaging.received(url)
    until(lambda: messaging.metrics.count("Invocations", RuleName=name) == 1)
    assert messaging.metrics.count("MatchedEvents", RuleName=name) == 1
    assert messaging.metrics.count("TriggeredRules", RuleName=name) == 1
    assert messaging.metrics.count("FailedInvocations", RuleName=name) == 0


def test_a_thousand_events_from_several_threads_all_arrive(bus: Bus, messaging: Any, name: str) -> None:
    url, arn = messaging.queue(name, allow=EVENTS)
    bus.rule({"Arn": arn})

    def send(first: int) -> None:
        for number in range(first, first + 250):
            messaging.events.publish({"source": name, "detail-type": "t", "resources": [], "detail": {"n": number}})

    threads = [threading.Thread(target=send, args=(first,)) for first in range(0, 1000, 250)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    arrived = bodies(messaging.received(url, 1000))
    assert sorted(event["detail"]["n"] for event in arrived) == [*range(1000)]


def test_after_the_end_nothing_is_delivered(bus: Bus, messaging: Any, name: str) -> None:
    url, arn = messaging.queue(name, allow=EVENTS)
    events = Events(clients=messaging.clients, clock=messaging.clock, metrics=messaging.metrics)
    bus.rule({"Arn": arn})
    event = {"source": name, "detail-type": "t", "resources": [], "detail": {}}
    events.publish(event)
    events.close()
    events.publish(event)
    assert not messaging.empty(url)
    messaging.received(url)
    time.sleep(0.05)
    assert messaging.empty(url)
