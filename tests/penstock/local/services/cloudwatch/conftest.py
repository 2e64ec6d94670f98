import json
from collections.abc import Callable
from typing import Any

import pytest

from penstock.local.clock import Clock
from penstock.local.service import JsonObject
from penstock.local.services.cloudwatch import CloudWatch, Metrics
from penstock.local.store import Store
from waiting import until

SPEED = 2_000.0  # a minute in 30 ms


class Bus:
    """EventBridge, as far as alarms know it."""

    def __init__(self) -> None:
        self.events: list[JsonObject] = []

    def publish(self, event: JsonObject) -> None:
        self.events.append(event)


class Watched:
    """CloudWatch as its clients see it, in a cloud in which a minute is over in a moment."""

    def __init__(self, cloud: Any) -> None:
        self.cloud = cloud
        self.clock = Clock(SPEED)
        self.store = Store()
        self.bus = Bus()
        self.metrics = Metrics(clock=self.clock, store=self.store)
        self.service = self.start()
        cloud.add(self.service)
        self.client = cloud.clients.operator("cloudwatch")

    def start(self) -> CloudWatch:
        """Start the service with what the store has."""
        service = CloudWatch(
            clients=self.cloud.clients, metrics=self.metrics, events=self.bus, store=self.store, clock=self.clock
        )
        service.restore()
        return service

    def alarm(self, name: str, **settings: Any) -> str:
        """Make an alarm on the sum of Test/Faults in a minute being above nothing, and return its name."""
        single = {"Namespace": "Test", "MetricName": name, "Statistic": "Sum", "Period": 60}
        request = {
            "AlarmName": name,
            "EvaluationPeriods": 1,
            "Threshold": 0,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            **({} if "Metrics" in settings else single),
            **settings,
        }
        self.client.put_metric_alarm(**{key: value for key, value in request.items() if value is not None})
        return name

    def described(self, name: str) -> JsonObject:
        """Return what DescribeAlarms says of an alarm."""
        answer = self.client.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        [alarm] = answer["MetricAlarms"] + answer["CompositeAlarms"]
        return dict(alarm)

    def moves(self, name: str, *states: str) -> JsonObject:
        """Wait until an alarm has been in these states, one after the other; return what is known of the last one."""

        def reached() -> list[JsonObject]:
            moved = [json.loads(item["HistoryData"])["newState"] for item in self._items(name, "StateUpdate")]
            assert [one["stateValue"] for one in moved[: len(states)]] == [*states[: len(moved)]]
            return moved[len(states) - 1 :]

        return dict(until(reached)[0])

    def topic(self, name: str) -> tuple[str, Callable[[], list[JsonObject]]]:
        """Make a topic; return its ARN, and what reads the messages that it got."""
        sns, sqs = (self.cloud.clients.operator(service) for service in ("sns", "sqs"))
        arn = sns.create_topic(Name=name)["TopicArn"]
        queue = sqs.create_queue(QueueName=name)["QueueUrl"]
        queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn)
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": arn,
            "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:*"}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
        read: list[JsonObject] = []

        def messages() -> list[JsonObject]:
            for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
                read.append(json.loads(message["Body"]))
            return read

        return arn, messages

    def history(self, name: str, kind: str) -> list[str]:
        """Return the summaries of an alarm's history, oldest first."""
        return [item["HistorySummary"] for item in self._items(name, kind)]

    def _items(self, name: str, kind: str) -> list[JsonObject]:
        answer = self.client.describe_alarm_history(
            AlarmName=name,
            HistoryItemType=kind,
            ScanBy="TimestampAscending",
            AlarmTypes=["MetricAlarm", "CompositeAlarm"],
        )
        return list(answer["AlarmHistoryItems"])


@pytest.fixture(scope="module")
def watched(small_cloud: Any) -> Watched:
    """CloudWatch, shared by the tests of a module: each makes alarms of its own."""
    return Watched(small_cloud)


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    return str(request.node.name)[:70]
