"""What buckets tell, whom, and in which form."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

S3 = "s3.amazonaws.com"
CREATED, REMOVED = "s3:ObjectCreated:*", "s3:ObjectRemoved:*"


class Bucket:
    """A bucket of a test's own."""

    def __init__(self, messaging: Any, name: str) -> None:
        self.client, self.name, self.arn = messaging.client("s3"), name, f"arn:aws:s3:::{name}"
        self.client.create_bucket(Bucket=name)

    def versioned(self) -> None:
        self.client.put_bucket_versioning(Bucket=self.name, VersioningConfiguration={"Status": "Enabled"})

    def tell(self, **configuration: Any) -> None:
        self.client.put_bucket_notification_configuration(Bucket=self.name, NotificationConfiguration=configuration)

    def tell_queue(self, arn: str, *events: str, **filters: str) -> None:
        rules = [{"Name": name, "Value": value} for name, value in filters.items()]
        part = {"Id": "told", "QueueArn": arn, "Events": [*events]}
        self.tell(QueueConfigurations=[part | ({"Filter": {"Key": {"FilterRules": rules}}} if rules else {})])

    def put(self, key: str, body: bytes = b"hello") -> Any:
        return self.client.put_object(Bucket=self.name, Key=key, Body=body)


@pytest.fixture
def bucket(messaging: Any, name: str) -> Bucket:
    return Bucket(messaging, name)


@pytest.fixture
def queue(messaging: Any, name: str) -> Any:
    """The URL and ARN of a queue that S3 may send to."""
    return messaging.queue(name, allow=S3)


@pytest.fixture
def bus(messaging: Any, bucket: Bucket, name: str) -> str:
    """The URL of a queue that gets the bucket's events from EventBridge."""
    url, arn = messaging.queue(f"{name}-bus", allow="events.amazonaws.com")
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": [bucket.name]}}}
    messaging.client("events").put_rule(Name=name, EventPattern=json.dumps(pattern))
    messaging.client("events").put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])
    bucket.tell(EventBridgeConfiguration={})
    return str(url)


def bodies(messages: list[Any]) -> list[Any]:
    return [json.loads(message["Body"]) for message in messages]


def told(messaging: Any, url: str, count: int) -> list[tuple[str, str]]:
    """Return the event and key of so many records; the first message is S3's test."""
    test, *events = bodies(messaging.received(url, count + 1))
    assert test["Event"] == "s3:TestEvent"
    records = [event["Records"][0] for event in events]
    return [(record["eventName"], record["s3"]["object"]["key"]) for record in records]


def test_a_created_object_is_told_to_event_bridge(messaging: Any, bucket: Bucket, bus: str) -> None:
    bucket.versioned()
    made = bucket.put("in/a b.csv")
    [event] = bodies(messaging.received(bus))
    assert (event["source"], event["detail-type"], event["resources"]) == ("aws.s3", "Object Created", [bucket.arn])
    detail = event["detail"]
    assert int(detail["object"].pop("sequencer"), 16) > 0
    assert len(detail.pop("request-id")) == 16
    assert detail == {
        "version": "0",
        "bucket": {"name": bucket.name},
        "object": {
            "key": "in/a b.csv",
            "size": 5,
            "etag": made["ETag"].strip('"'),
            "version-id": made["VersionId"],
        },
        "requester": "123456789012",
        "source-ip-address": "127.0.0.1",
        "reason": "PutObject",
    }
    assert messaging.empty(bus)


def test_what_happens_to_objects_is_told_to_event_bridge(messaging: Any, bucket: Bucket, bus: str) -> None:
    client, of = bucket.client, {"Bucket": bucket.name}
    bucket.put("a")
    client.copy_object(**of, Key="b", CopySource={"Bucket": bucket.name, "Key": "a"})
    upload = client.create_multipart_upload(**of, Key="c")["UploadId"]
    part = client.upload_part(**of, Key="c", UploadId=upload, PartNumber=1, Body=b"x")
    parts = {"Parts": [{"ETag": part["ETag"], "PartNumber": 1}]}
    client.complete_multipart_upload(**of, Key="c", UploadId=upload, MultipartUpload=parts)
    client.put_object_tagging(**of, Key="a", Tagging={"TagSet": [{"Key": "k", "Value": "v"}]})
    client.delete_object_tagging(**of, Key="a")
    client.put_object_acl(**of, Key="a", ACL="private")
    client.delete_object(**of, Key="a")
    client.delete_objects(**of, Delete={"Objects": [{"Key": "b"}, {"Key": "never"}, {"Key": "c"}], "Quiet": True})
    client.delete_object(**of, Key="a")
    events = bodies(messaging.received(bus, 9))
    shown = [
        (event["detail-type"], event["detail"].get("reason"), event["detail"]["object"]["key"]) for event in events
    ]
    assert sorted(shown, key=str) == sorted(
        [
            ("Object Created", "PutObject", "a"),
            ("Object Created", "CopyObject", "b"),
            ("Object Created", "CompleteMultipartUpload", "c"),
            ("Object Tags Added", None, "a"),
            ("Object Tags Deleted", None, "a"),
            ("Object ACL Updated", None, "a"),
            ("Object Deleted", "DeleteObject", "a"),
            ("Object Deleted", "DeleteObject", "b"),
            ("Object Deleted", "DeleteObject", "c"),
        ],
        key=str,
    )
    ordered = sorted(events, key=lambda event: str(event["detail"]["object"]["sequencer"]))
    assert [event["detail"]["object"]["key"] for event in ordered] == ["a", "b", "c", "a", "a", "a", "a", "b", "c"]
    assert messaging.empty(bus)


def test_versions_and_markers_are_told_apart(messaging: Any, bucket: Bucket, bus: str) -> None:
    bucket.versioned()
    version = bucket.put("a")["VersionId"]
    marker = bucket.client.delete_object(Bucket=bucket.name, Key="a")["VersionId"]
    for _ in range(2):
        bucket.client.delete_object(Bucket=bucket.name, Key="a", VersionId=version)
    events = bodies(messaging.received(bus, 3))
    removed = [event["detail"] for event in events if event["detail-type"] == "Object Deleted"]
    assert sorted((one["deletion-type"], one["object"]["version-id"]) for one in removed) == [
        ("Delete Marker Created", marker),
        ("Permanently Deleted", version),
    ]
    assert messaging.empty(bus)


def test_a_queue_gets_records(messaging: Any, bucket: Bucket, queue: Any) -> None:
    url, arn = queue
    bucket.versioned()
    bucket.tell_queue(arn, CREATED)
    made = bucket.put("in/a b.csv")
    _, event = bodies(messaging.received(url, 2))
    [record] = event["Records"]
    assert (record["eventVersion"], record["eventSource"], record["awsRegion"]) == ("2.1", "aws:s3", "us-east-1")
    assert (record["eventName"], record["s3"]["configurationId"]) == ("ObjectCreated:Put", "told")
    assert record["s3"]["bucket"]["arn"] == bucket.arn
    assert record["s3"]["object"].pop("sequencer")
    assert record["s3"]["object"] == {
        "key": "in/a+b.csv",
        "size": 5,
        "eTag": made["ETag"].strip('"'),
        "versionId": made["VersionId"],
    }
    assert messaging.empty(url)


def test_only_what_is_asked_for_is_told(messaging: Any, bucket: Bucket, queue: Any) -> None:
    url, arn = queue
    bucket.tell_queue(arn, CREATED, "s3:ObjectRemoved:Delete", prefix="in/", suffix=".csv")
    for key in ("in/a.txt", "out/a.csv", "in/a.csv"):
        bucket.put(key)
    bucket.client.put_object_tagging(
        Bucket=bucket.name, Key="in/a.csv", Tagging={"TagSet": [{"Key": "k", "Value": "v"}]}
    )
    bucket.client.delete_object(Bucket=bucket.name, Key="in/a.csv")
    assert told(messaging, url, 2) == [("ObjectCreated:Put", "in/a.csv"), ("ObjectRemoved:Delete", "in/a.csv")]
    assert messaging.empty(url)


def test_a_function_gets_records(messaging: Any, bucket: Bucket, name: str, tmp_path: Path, lines: Any) -> None:
    function = messaging.function(name, tmp_path / "events")
    messaging.permit(function, S3, bucket.arn)
    bucket.tell(LambdaFunctionConfigurations=[{"LambdaFunctionArn": function, "Events": [CREATED]}])
    bucket.put("a")
    [event] = lines(tmp_path / "events")
    assert event["Records"][0]["s3"]["object"]["key"] == "a"


def test_a_topic_gets_records(messaging: Any, bucket: Bucket, name: str) -> None:
    url, queue = messaging.queue(name, allow="sns.amazonaws.com")
    topic = messaging.topic(name, allow=S3)
    messaging.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    bucket.tell(TopicConfigurations=[{"TopicArn": topic, "Events": [REMOVED]}])
    bucket.put("a")
    bucket.client.delete_object(Bucket=bucket.name, Key="a")
    test, notification = bodies(messaging.received(url, 2))
    assert notification["Subject"] == "Amazon S3 Notification"
    assert json.loads(test["Message"])["Event"] == "s3:TestEvent"
    assert json.loads(notification["Message"])["Records"][0]["eventName"] == "ObjectRemoved:Delete"


def test_a_configuration_reads_back_as_it_was_put(bucket: Bucket, queue: Any) -> None:
    bucket.tell_queue(queue[1], CREATED, prefix="in/")
    kept = bucket.client.get_bucket_notification_configuration(Bucket=bucket.name)
    kept.pop("ResponseMetadata")
    filters = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}}
    part = {"Id": "told", "QueueArn": queue[1], "Events": [CREATED], "Filter": filters}
    assert kept == {"QueueConfigurations": [part]}


def test_an_empty_configuration_ends_it(messaging: Any, bucket: Bucket, bus: str) -> None:
    bucket.tell()
    bucket.put("a")
    bucket.tell(EventBridgeConfiguration={})
    bucket.put("b")
    assert [event["detail"]["object"]["key"] for event in bodies(messaging.received(bus))] == ["b"]
    kept = bucket.client.get_bucket_notification_configuration(Bucket=bucket.name)
    assert kept["EventBridgeConfiguration"] == {}


def test_a_bucket_that_is_made_again_tells_nothing(messaging: Any, bucket: Bucket, bus: str) -> None:
    bucket.client.delete_bucket(Bucket=bucket.name)
    again = Bucket(messaging, bucket.name)
    again.put("a")
    kept = again.client.get_bucket_notification_configuration(Bucket=again.name)
    assert "EventBridgeConfiguration" not in kept
    assert messaging.empty(bus)


def test_a_queue_that_does_not_let_s3_in_is_refused(messaging: Any, bucket: Bucket, name: str) -> None:
    _, arn = messaging.queue(name)
    with pytest.raises(ClientError, match="Unable to validate the following destination configurations"):
        bucket.tell_queue(arn, CREATED)


@pytest.mark.parametrize(("account", "taken"), [("123456789012", True), ("210987654321", False)])
def test_policies_see_for_which_bucket_and_account_s3_asks(
    messaging: Any, bucket: Bucket, name: str, account: str, *, taken: bool
) -> None:
    url, arn = messaging.queue(name)
    source = {"ArnLike": {"aws:SourceArn": bucket.arn}, "StringEquals": {"aws:SourceAccount": account}}
    statement = {"Effect": "Allow", "Principal": {"Service": S3}, "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Condition": source}]})
    messaging.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    if taken:
        bucket.tell_queue(arn, CREATED)
    else:
        with pytest.raises(ClientError, match="Unable to validate"):
            bucket.tell_queue(arn, CREATED)


def test_a_function_that_does_not_let_s3_in_is_refused(
    messaging: Any, bucket: Bucket, name: str, tmp_path: Path
) -> None:
    function = messaging.function(name, tmp_path / "events")
    with pytest.raises(ClientError, match="Unable to validate the following destination configurations"):
        bucket.tell(LambdaFunctionConfigurations=[{"LambdaFunctionArn": function, "Events": [CREATED]}])


def test_the_check_of_destinations_can_be_skipped(
    messaging: Any, bucket: Bucket, name: str, until: Any, caplog: pytest.LogCaptureFixture
) -> None:
    _, arn = messaging.queue(name)
    configuration = {"QueueConfigurations": [{"QueueArn": arn, "Events": [CREATED]}]}
    bucket.client.put_bucket_notification_configuration(
        Bucket=bucket.name, NotificationConfiguration=configuration, SkipDestinationValidation=True
    )
    bucket.put("a")
    until(lambda: f"bucket {bucket.name} did not reach {arn}" in caplog.text)


ARN = "arn:aws:sqs:us-east-1:123456789012:q"


def part(**change: Any) -> Any:
    return {"QueueArn": ARN, "Events": [CREATED], **change}


def filtered(**rules: str) -> Any:
    return {"Key": {"FilterRules": [{"Name": name, "Value": value} for name, value in rules.items()]}}


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([part(QueueArn="queue")], "The ARN could not be parsed"),
        ([part(QueueArn="arn:aws:sns:us-east-1:123456789012:t")], "The ARN could not be parsed"),
        ([part(QueueArn=f"{ARN}.fifo")], "FIFO SQS queues and SNS topics are not supported"),
        ([part(Id="a"), part(Id="a", Events=[REMOVED])], "Same ID used for multiple configurations"),
        ([part(), part(Events=["s3:ObjectCreated:Put"])], "ambiguously defined"),
        ([part(Filter=filtered(prefix="in/")), part(Filter=filtered(prefix="in/a"))], "ambiguously defined"),
        ([part(Filter={"Key": {"FilterRules": [{"Value": "x"}]}})], "must be either prefix or suffix"),
        ([part(Filter=filtered(prefix="x" * 1025))], "cannot exceed 1024"),
        ([part(Filter={"Key": {"FilterRules": [{"Name": "prefix", "Value": "x"}] * 2}})], "more than one prefix rule"),
    ],
)
def test_a_configuration_that_is_wrong_is_refused(bucket: Bucket, parts: Any, message: str) -> None:
    with pytest.raises(ClientError, match=message):
        bucket.tell(QueueConfigurations=parts)


def test_parts_that_do_not_overlap_are_taken(bucket: Bucket, queue: Any) -> None:
    arn = queue[1]
    filters = [filtered(prefix="a/"), filtered(prefix="b/"), filtered(prefix="c", suffix=".x")]
    bucket.tell(QueueConfigurations=[part(QueueArn=arn, Filter=one) for one in filters])


def test_many_objects_are_all_told_in_order(messaging: Any, bucket: Bucket, queue: Any) -> None:
    url, arn = queue
    bucket.tell_queue(arn, CREATED)
    for number in range(200):
        bucket.put(f"{number:04}", b"")
    records = [body["Records"][0]["s3"]["object"] for body in bodies(messaging.received(url, 201))[1:]]
    assert [record["key"] for record in records] == [f"{number:04}" for number in range(200)]
    sequence = [record["sequencer"] for record in records]
    assert sequence == sorted(sequence)
