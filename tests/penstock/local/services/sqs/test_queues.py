"""Queues: waiting for messages, their redrive, and what is counted."""

import threading
import time
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session


@pytest.fixture
def sqs(messaging: Any) -> Any:
    return messaging.client("sqs")


def soon(work: Any, seconds: float = 0.1) -> threading.Timer:
    timer = threading.Timer(seconds, work)
    timer.start()
    return timer


def test_a_long_poll_ends_when_a_message_comes(messaging: Any, sqs: Any, name: str) -> None:
    url, _ = messaging.queue(name)
    timer = soon(lambda: sqs.send_message(QueueUrl=url, MessageBody="hello"))
    started = time.monotonic()
    [message] = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
    assert message["Body"] == "hello"
    assert time.monotonic() - started < 10
    timer.join()


def test_a_queue_may_say_how_long_to_wait(messaging: Any, sqs: Any, name: str) -> None:
    url, _ = messaging.queue(name, ReceiveMessageWaitTimeSeconds="20")
    timer = soon(lambda: sqs.send_message(QueueUrl=url, MessageBody="hello"))
    assert sqs.receive_message(QueueUrl=url)["Messages"]
    assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=0)
    timer.join()


def test_an_empty_long_poll_ends_in_time(messaging: Any, sqs: Any, name: str) -> None:
    url, _ = messaging.queue(name)
    started = time.monotonic()
    assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)
    assert time.monotonic() - started >= 1


def test_waiting_holds_nobody_up(messaging: Any, sqs: Any, name: str) -> None:
    url, _ = messaging.queue(name)
    waiting = threading.Thread(target=lambda: sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2))
    waiting.start()
    for _ in range(20):
        sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    assert waiting.is_alive()
    sqs.send_message(QueueUrl=url, MessageBody="end")
    waiting.join()


def test_a_message_that_becomes_visible_again_ends_a_long_poll(messaging: Any, sqs: Any, name: str) -> None:
    url, _ = messaging.queue(name)
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    sqs.receive_message(QueueUrl=url, VisibilityTimeout=1)
    assert sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]


def test_the_old_protocol_of_sqs_waits_too(small_cloud: Any, messaging: Any, sqs: Any, name: str) -> None:
    url, _ = messaging.queue(name)
    form = {"Action": "ReceiveMessage", "QueueUrl": url, "WaitTimeSeconds": "20", "Version": "2012-11-05"}
    content = {"Content-Type": "application/x-www-form-urlencoded"}
    request = AWSRequest("POST", f"{messaging.clients.url}/", data=form, headers=content)
    operator = small_cloud.operator
    credentials = Credentials(operator.access_key, operator.secret_key)
    SigV4Auth(credentials, "sqs", "us-east-1").add_auth(request)
    timer = soon(lambda: sqs.send_message(QueueUrl=url, MessageBody="hello"))
    answer = URLLib3Session().send(request.prepare())
    assert b"<Body>hello</Body>" in answer.content
    timer.join()


def test_a_message_that_is_received_too_often_goes_to_the_dead_letters(messaging: Any, sqs: Any, name: str) -> None:
    dead_url, dead = messaging.queue(f"{name}-dead")
    redrive = f'{{"deadLetterTargetArn": "{dead}", "maxReceiveCount": "2"}}'
    url, _ = messaging.queue(name, RedrivePolicy=redrive)
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    for _ in range(2):
        assert sqs.receive_message(QueueUrl=url, VisibilityTimeout=0, WaitTimeSeconds=5)["Messages"]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    assert [message["Body"] for message in messaging.received(dead_url)] == ["poison"]


def test_a_queue_that_is_not_there_is_an_error(sqs: Any, messaging: Any) -> None:
    with pytest.raises(ClientError, match="does not exist"):
        sqs.receive_message(QueueUrl=f"{messaging.clients.url}/123456789012/gone", WaitTimeSeconds=20)


def test_messages_are_counted(messaging: Any, sqs: Any, name: str) -> None:
    url, _ = messaging.queue(name)
    sqs.send_message(QueueUrl=url, MessageBody="12345")
    sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(n), "MessageBody": "x"} for n in range(3)])
    received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=received[0]["ReceiptHandle"])
    rest = [{"Id": one["MessageId"], "ReceiptHandle": one["ReceiptHandle"]} for one in received[1:]]
    sqs.delete_message_batch(QueueUrl=url, Entries=[*rest, {"Id": "wrong", "ReceiptHandle": "wrong"}])
    sqs.receive_message(QueueUrl=url)
    count = messaging.metrics.count
    assert count("NumberOfMessagesSent", QueueName=name) == 4
    assert count("SentMessageSize", QueueName=name) == 8
    assert count("NumberOfMessagesReceived", QueueName=name) == 4
    assert count("NumberOfMessagesDeleted", QueueName=name) == 4
    assert count("NumberOfEmptyReceives", QueueName=name) == 1


def test_what_is_in_a_queue_is_said_every_minute(messaging: Any, sqs: Any, name: str, until: Any) -> None:
    url, _ = messaging.queue(name)
    sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(n), "MessageBody": "x"} for n in range(3)])
    sqs.receive_message(QueueUrl=url)
    sqs.send_message(QueueUrl=url, MessageBody="x", DelaySeconds=60)
    count = messaging.metrics.count
    until(lambda: count("ApproximateNumberOfMessagesVisible", QueueName=name) >= 2)
    until(lambda: count("ApproximateNumberOfMessagesNotVisible", QueueName=name) >= 1)
    until(lambda: count("ApproximateNumberOfMessagesDelayed", QueueName=name) >= 1)


def test_messages_that_are_too_old_are_not_received(messaging: Any, sqs: Any, name: str) -> None:
    url, _ = messaging.queue(name)
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    [queue] = [one for one in messaging.queues.all() if one.name == name]
    [message] = queue.messages
    message.sent_timestamp -= 1000 * queue.message_retention_period
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_a_duplicate_is_one_also_when_its_first_message_was_received_and_deleted(
    messaging: Any, sqs: Any, name: str
) -> None:
    url, _ = messaging.queue(f"{name}.fifo")
    received = []
    for number in ("1", "1", "2"):
        sqs.send_message(QueueUrl=url, MessageBody=number, MessageGroupId="g", MessageDeduplicationId=number)
        for message in sqs.receive_message(QueueUrl=url).get("Messages", []):
            received.append(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert received == ["1", "2"]
