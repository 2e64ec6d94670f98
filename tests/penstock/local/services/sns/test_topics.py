"""Who gets the messages of a topic, and in which form."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from penstock.local.services.sns.mail import Mailbox, read
from penstock.local.services.sns.message import Message

SNS = "sns.amazonaws.com"


@pytest.fixture
def sns(messaging: Any) -> Any:
    return messaging.client("sns")


def bodies(messages: list[Any]) -> list[Any]:
    return [json.loads(message["Body"]) for message in messages]


def text(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": value}


def test_a_queue_gets_an_envelope(messaging: Any, sns: Any, name: str) -> None:
    url, queue = messaging.queue(name, allow=SNS)
    topic = messaging.topic(name)
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, ReturnSubscriptionArn=True)
    made = sns.publish(TopicArn=topic, Message="hello", Subject="greeting", MessageAttributes={"a": text("1")})
    [envelope] = bodies(messaging.received(url))
    assert envelope.pop("Timestamp").endswith("Z")
    assert subscription["SubscriptionArn"].rpartition(":")[2] in envelope.pop("UnsubscribeURL")
    assert envelope == {
        "Type": "Notification",
        "MessageId": made["MessageId"],
        "TopicArn": topic,
        "Subject": "greeting",
        "Message": "hello",
        "MessageAttributes": {"a": {"Type": "String", "Value": "1"}},
    }
    assert messaging.empty(url)


def test_a_queue_may_get_the_bare_message(messaging: Any, sns: Any, name: str) -> None:
    url, queue = messaging.queue(name, allow=SNS)
    topic = messaging.topic(name)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"})
    binary = {"DataType": "Binary", "BinaryValue": b"\x00\x01"}
    sns.publish(TopicArn=topic, Message="hello", MessageAttributes={"a": text("1"), "b": binary})
    [message] = messaging.received(url)
    assert message["Body"] == "hello"
    assert message["MessageAttributes"]["a"]["StringValue"] == "1"
    assert message["MessageAttributes"]["b"]["BinaryValue"] == b"\x00\x01"


def test_a_function_gets_an_event(messaging: Any, sns: Any, name: str, tmp_path: Path, lines: Any) -> None:
    function, topic = messaging.function(name, tmp_path / "events"), messaging.topic(name)
    messaging.permit(function, SNS, topic)
    subscription = sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function, ReturnSubscriptionArn=True)
    sns.publish(TopicArn=topic, Message="hello")
    [[record]] = [event["Records"] for event in lines(tmp_path / "events")]
    assert (record["EventSource"], record["EventVersion"]) == ("aws:sns", "1.0")
    assert record["EventSubscriptionArn"] == subscription["SubscriptionArn"]
    assert (record["Sns"]["Message"], record["Sns"]["Subject"], record["Sns"]["TopicArn"]) == ("hello", None, topic)


def mails(messaging: Any, to: str) -> list[Any]:
    return [mail for mail in read(messaging.mail) if mail["To"] == to]


def test_mail_is_kept(messaging: Any, sns: Any, name: str, until: Any) -> None:
    topic, address = messaging.topic(name, DisplayName="Penstock dev"), f"{name}@example.com"
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=address)
    sns.publish(TopicArn=topic, Message="the endpointés gone\nreally", Subject="bigmart failed")
    sns.publish(TopicArn=topic, Message="again")
    first, second = until(lambda: (found := mails(messaging, address)) and len(found) == 2 and found)
    assert (first["Subject"], second["Subject"]) == ("bigmart failed", "AWS Notification Message")
    assert first["From"] == "Penstock dev <no-reply@sns.amazonaws.com>"
    assert first.get_content() == "the endpointés gone\nreally\n"


def test_mail_may_be_json(messaging: Any, sns: Any, name: str, until: Any) -> None:
    topic, address = messaging.topic(name), f"{name}@example.com"
    sns.subscribe(TopicArn=topic, Protocol="email-json", Endpoint=address)
    sns.publish(TopicArn=topic, Message="hello")
    [mail] = until(lambda: mails(messaging, address))
    assert json.loads(mail.get_content())["Message"] == "hello"


def test_a_cloud_that_comes_back_keeps_its_mail(tmp_path: Path) -> None:
    for number in range(3):
        message = Message("arn:t", datetime.now(UTC), str(number))
        Mailbox(tmp_path).put(message, to="a@example.com", sender="", text=message.text)
    assert [mail.get_content() for mail in read(tmp_path)] == ["0\n", "1\n", "2\n"]


class Listener(ThreadingHTTPServer):
    """A web server that answers with the statuses given, and keeps what it got."""

    def __init__(self, *statuses: int, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.statuses, self.got = [*statuses], list[tuple[Any, str]]()
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.got.append((self.headers, body))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener(503)
    yield listener
    listener.shutdown()
    listener.server_close()


def test_a_web_server_of_this_machine_is_posted_to_until_it_takes_it(
    messaging: Any, sns: Any, name: str, listener: Listener, until: Any
) -> None:
    topic = messaging.topic(name)
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=listener.url)
    sns.publish(TopicArn=topic, Message="hello")
    until(lambda: len(listener.got) == 2)
    headers, body = listener.got[1]
    assert json.loads(body)["Message"] == "hello"
    assert headers["x-amz-sns-message-type"] == "Notification"
    until(lambda: messaging.metrics.count("NumberOfNotificationsDelivered", TopicName=name) == 1)


@pytest.mark.parametrize("status", [404, 799])
def test_a_web_server_that_refuses_for_good_or_answers_nonsense(
    messaging: Any, sns: Any, name: str, listener: Listener, until: Any, status: int
) -> None:
    listener.statuses = [status]
    topic = messaging.topic(name)
    attributes = {"RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=listener.url, Attributes=attributes)
    sns.publish(TopicArn=topic, Message="hello")
    ended = "NumberOfNotificationsFailed" if status == 404 else "NumberOfNotificationsDelivered"
    until(lambda: messaging.metrics.count(ended, TopicName=name) == 1)
    assert {body for _, body in listener.got} == {"hello"}


def test_a_web_server_that_is_not_there_yet_is_tried_again(messaging: Any, sns: Any, name: str, until: Any) -> None:
    gone = Listener()
    gone.shutdown()
    gone.server_close()
    topic = messaging.topic(name)
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=gone.url)
    sns.publish(TopicArn=topic, Message="hello")
    listener = Listener(port=gone.server_port)
    until(lambda: listener.got)
    listener.shutdown()
    listener.server_close()


def test_each_protocol_may_get_a_text_of_its_own(messaging: Any, sns: Any, name: str) -> None:
    url, queue = messaging.queue(name, allow=SNS)
    topic = messaging.topic(name)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    for texts in ({"default": "d", "sqs": "s"}, {"default": "d"}):
        sns.publish(TopicArn=topic, Message=json.dumps(texts), MessageStructure="json")
    assert sorted(body["Message"] for body in bodies(messaging.received(url, 2))) == ["d", "s"]


@pytest.mark.parametrize(
    ("scope", "policy"),
    [
        ("MessageAttributes", {"kind": ["failure"], "count": [{"numeric": [">", 1]}], "tags": ["b"]}),
        ("MessageBody", {"kind": [{"prefix": "fail"}]}),
    ],
)
def test_a_filter_policy_lets_some_messages_through(
    messaging: Any, sns: Any, name: str, scope: str, policy: Any
) -> None:
    url, queue = messaging.queue(name, allow=SNS)
    topic = messaging.topic(name)
    attributes = {"FilterPolicyScope": scope, "FilterPolicy": json.dumps(policy)}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes=attributes)
    for kind in ("success", "failure"):
        given = {
            "kind": text(kind),
            "count": {"DataType": "Number", "StringValue": "2"},
            "tags": {"DataType": "String.Array", "StringValue": '["a", "b"]'},
        }
        sns.publish(TopicArn=topic, Message=json.dumps({"kind": kind}), MessageAttributes=given)
    sns.publish(TopicArn=topic, Message="no JSON")
    assert [json.loads(body["Message"])["kind"] for body in bodies(messaging.received(url))] == ["failure"]
    assert messaging.empty(url)
    assert messaging.metrics.count("NumberOfNotificationsFilteredOut", TopicName=name) == 2


def test_a_filter_policy_can_be_taken_away(messaging: Any, sns: Any, name: str) -> None:
    url, queue = messaging.queue(name, allow=SNS)
    topic = messaging.topic(name)
    attributes = {"FilterPolicy": '{"kind": ["x"]}'}
    arn = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes=attributes)["SubscriptionArn"]
    sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue="{}")
    sns.publish(TopicArn=topic, Message="hello")
    messaging.received(url)


def test_a_queue_that_does_not_let_the_topic_in_gets_nothing(
    messaging: Any, sns: Any, name: str, until: Any, caplog: pytest.LogCaptureFixture
) -> None:
    url, queue = messaging.queue(name)
    letters, dead = messaging.queue(f"{name}-dead", allow=SNS)
    topic = messaging.topic(name)
    attributes = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": dead})}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes=attributes)
    sns.publish(TopicArn=topic, Message="hello")
    [letter] = messaging.received(letters)
    assert json.loads(letter["Body"])["Message"] == "hello"
    assert letter["MessageAttributes"]["ErrorCode"]["StringValue"].startswith("AccessDenied")
    assert messaging.empty(url)
    assert f"{topic} did not reach {queue}" in caplog.text
    until(lambda: messaging.metrics.count("NumberOfNotificationsRedrivenToDlq", TopicName=name) == 1)


def test_dead_letters_that_cannot_be_sent_are_counted(
    messaging: Any, sns: Any, name: str, until: Any, caplog: pytest.LogCaptureFixture
) -> None:
    _, queue = messaging.queue(name)
    topic = messaging.topic(name)
    attributes = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": queue}), "RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes=attributes)
    sns.publish(TopicArn=topic, Message="hello")
    until(lambda: messaging.metrics.count("NumberOfNotificationsFailedToRedriveToDlq", TopicName=name) == 1)
    until(lambda: "did not reach the dead letters" in caplog.text)  # the metric comes first


def test_a_busy_queue_is_tried_again(messaging: Any, sns: Any, name: str) -> None:
    url, queue = messaging.queue(name, allow=SNS)
    topic = messaging.topic(name)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    messaging.throttle("sqs:SendMessage", name, 4)
    sns.publish(TopicArn=topic, Message="hello")
    messaging.received(url)
    assert messaging.empty(url)


def test_a_fifo_topic_keeps_the_order_and_drops_duplicates(messaging: Any, sns: Any, name: str) -> None:
    url, queue = messaging.queue(f"{name}.fifo", allow=SNS)
    topic = messaging.topic(f"{name}.fifo", ContentBasedDeduplication="true")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    for number in (1, 2, 2, 3):
        assert "SequenceNumber" in sns.publish(TopicArn=topic, Message=str(number), MessageGroupId="g")
    assert [body["Message"] for body in bodies(messaging.received(url, 3))] == ["1", "2", "3"]
    assert messaging.empty(url)


def test_a_batch_is_published(messaging: Any, sns: Any, name: str) -> None:
    url, queue = messaging.queue(name, allow=SNS)
    topic = messaging.topic(name)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    entries = [{"Id": "a", "Message": "A"}, {"Id": "b", "Message": "B"}, {"Id": "c", "Message": "C", "Subject": "\n"}]
    answer = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
    assert [one["Id"] for one in answer["Successful"]] == ["a", "b"]
    assert [(one["Id"], one["Code"]) for one in answer["Failed"]] == [("c", "InvalidParameter")]
    assert [body["Message"] for body in bodies(messaging.received(url, 2))] == ["A", "B"]
    assert messaging.metrics.count("NumberOfMessagesPublished", TopicName=name) == 2


@pytest.mark.parametrize(
    ("ids", "code"),
    [([], "EmptyBatchRequest"), ([*range(11)], "TooManyEntriesInBatchRequest"), ([1, 1], "BatchEntryIdsNotDistinct")],
)
def test_a_batch_that_is_none_is_refused(messaging: Any, sns: Any, name: str, ids: list[int], code: str) -> None:
    topic = messaging.topic(name)
    entries = [{"Id": str(number), "Message": "m"} for number in ids]
    with pytest.raises(ClientError, match=code):
        sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"Message": ""}, "Empty message"),
        ({"Message": "x" * 262_145}, "Message too long"),
        ({"Message": "m", "Subject": "x" * 101}, "Subject"),
        ({"Message": "m", "Subject": "naïve"}, "Subject"),
        ({"Message": "m", "MessageStructure": "xml"}, "MessageStructure"),
        ({"Message": "{}", "MessageStructure": "json"}, "No default entry in JSON message body"),
        ({"Message": "m", "MessageStructure": "json"}, "No default entry in JSON message body"),
        (
            {"Message": "m", "MessageAttributes": {"a": {"DataType": "Text", "StringValue": "x"}}},
            "invalid message attrib",
        ),
        ({"Message": "m", "MessageAttributes": {"a": {"DataType": "Number", "StringValue": "x"}}}, "type Number"),
        ({"Message": "m", "MessageAttributes": {"a": {"DataType": "String.Array", "StringValue": "x"}}}, "Array"),
        ({"Message": "m", "MessageAttributes": {"a": {"DataType": "String"}}}, "must contain a non-empty value"),
    ],
)
def test_a_message_that_is_wrong_is_refused(messaging: Any, sns: Any, request_: Any, message: str) -> None:
    with pytest.raises(sns.exceptions.InvalidParameterException, match=message):
        sns.publish(TopicArn=messaging.topic("wrong"), **request_)


def test_a_fifo_topic_wants_groups_and_something_to_deduplicate_by(messaging: Any, sns: Any, name: str) -> None:
    topic = messaging.topic(f"{name}.fifo")
    with pytest.raises(sns.exceptions.InvalidParameterException, match="MessageGroupId"):
        sns.publish(TopicArn=topic, Message="m")
    with pytest.raises(sns.exceptions.InvalidParameterException, match="ContentBasedDeduplication"):
        sns.publish(TopicArn=topic, Message="m", MessageGroupId="g")


def test_a_topic_that_is_not_there_is_an_error(sns: Any) -> None:
    with pytest.raises(sns.exceptions.NotFoundException, match="Topic does not exist"):
        sns.publish(TopicArn="arn:aws:sns:us-east-1:123456789012:gone", Message="m")


def test_text_messages_are_refused(sns: Any) -> None:
    with pytest.raises(sns.exceptions.InvalidParameterException, match="sends no text messages"):
        sns.publish(PhoneNumber="+441234567890", Message="m")


@pytest.mark.parametrize(
    ("subscription", "message"),
    [
        ({"Protocol": "sms", "Endpoint": "+441234567890"}, "Protocol sms"),
        ({"Protocol": "https", "Endpoint": "https://example.com/"}, "posts to this machine only"),
        ({"Protocol": "email", "Endpoint": "nobody"}, "Email address"),
        (
            {"Protocol": "sqs", "Endpoint": "arn:aws:sqs:us-east-1:1:q", "Attributes": {"FilterPolicy": "x"}},
            "FilterPolicy",
        ),
        (
            {"Protocol": "sqs", "Endpoint": "arn:aws:sqs:us-east-1:1:q", "Attributes": {"RedrivePolicy": "x"}},
            "RedriveP",
        ),
    ],
)
def test_a_subscription_that_is_wrong_is_refused(messaging: Any, sns: Any, subscription: Any, message: str) -> None:
    with pytest.raises(sns.exceptions.InvalidParameterException, match=message):
        sns.subscribe(TopicArn=messaging.topic("wrong"), **subscription)


@pytest.mark.parametrize("more", [{}, {"TopicArn": "{topic}", "TargetArn": "{other}"}])
def test_a_message_goes_to_one_place(messaging: Any, sns: Any, name: str, more: dict[str, str]) -> None:
    topics = {"{topic}": messaging.topic(name), "{other}": messaging.topic(f"{name}-2")}
    with pytest.raises(ClientError, match=r"InvalidParameter.*exactly one"):
        sns.publish(Message="hello", **{key: topics[value] for key, value in more.items()})
