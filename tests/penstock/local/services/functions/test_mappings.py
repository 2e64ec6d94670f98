"""Functions that are invoked with the messages of queues."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from penstock.local.services.functions import Lambda

# Says which messages it got, a line a batch; fails as the messages ask it to.
WORK = """
import json, os
def handler(event, context):
    bodies = [record["body"] for record in event["Records"]]
    with open(os.environ["FILE"], "a") as file:
        file.write(json.dumps(event["Records"] if "whole" in bodies else bodies) + "\\n")
    if "raise" in bodies:
        raise ValueError("no")
    bad = [record["messageId"] for record in event["Records"] if record["body"].startswith("bad")]
    if "unknown" in bodies:
        bad.append("unknown")
    if "text" in bodies:
        return "done"
    if "shapeless" in bodies:
        return {"batchItemFailures": [{}]}
    return {"batchItemFailures": [{"itemIdentifier": id} for id in bad]} if bad else None
"""


class Source:
    """A queue, and a function that is to have its messages."""

    def __init__(self, messaging: Any, name: str, file: Path, **attributes: str) -> None:
        self.messaging, self.file = messaging, file
        self.client, self.sqs = messaging.client("lambda"), messaging.client("sqs")
        self.url, self.arn = messaging.queue(name, **attributes)
        self.function = messaging.function(name.removesuffix(".fifo"), file, code=WORK)
        self.mapping = ""

    def map(self, **settings: Any) -> Any:
        made = self.client.create_event_source_mapping(EventSourceArn=self.arn, FunctionName=self.function, **settings)
        self.mapping = made["UUID"]
        return made

    def send(self, *bodies: str, **more: Any) -> None:
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.url, MessageBody=body, **more)

    @property
    def batches(self) -> list[Any]:
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []

    def done(self, *bodies: str) -> bool:
        """Has the function had these, and is the queue empty?"""
        had = sorted(body for batch in self.batches for body in batch)
        return had == sorted(bodies) and bool(self.messaging.empty(self.url))


@pytest.fixture
def source(messaging: Any, name: str, tmp_path: Path) -> Any:
    source = Source(messaging, name, tmp_path / "batches")
    yield source
    if source.mapping:
        source.client.delete_event_source_mapping(UUID=source.mapping)


def test_messages_reach_the_function_and_leave_the_queue(source: Source, until: Any) -> None:
    made = source.map()
    assert (made["State"], made["BatchSize"], made["FunctionArn"]) == ("Creating", 10, source.function)
    source.send("a", "b", "c")
    until(lambda: source.done("a", "b", "c"))
    kept = source.client.get_event_source_mapping(UUID=made["UUID"])
    assert (kept["State"], kept["LastProcessingResult"]) == ("Enabled", "OK")


def test_a_record_has_what_lambda_gives(source: Source, until: Any) -> None:
    source.map()
    attributes = {
        "text": {"DataType": "String", "StringValue": "x"},
        "bytes": {"DataType": "Binary", "BinaryValue": b"\x00"},
    }
    source.send("whole", MessageAttributes=attributes)
    [[record]] = until(lambda: source.batches)
    assert record["messageAttributes"] == {
        "text": {"stringValue": "x", "stringListValues": [], "binaryListValues": [], "dataType": "String"},
        "bytes": {"binaryValue": "AA==", "stringListValues": [], "binaryListValues": [], "dataType": "Binary"},
    }
    assert (record["eventSource"], record["eventSourceARN"]) == ("aws:sqs", source.arn)
    assert (record["awsRegion"], record["attributes"]["ApproximateReceiveCount"]) == ("us-east-1", "1")
    assert record.keys() >= {"messageId", "receiptHandle", "md5OfBody", "md5OfMessageAttributes"}


def test_a_batching_window_gathers_messages(source: Source, until: Any) -> None:
    source.map(BatchSize=100, MaximumBatchingWindowInSeconds=90)  # 1.5 s here
    source.send(*"abcdefghijklmnopqrstuvwxyz")
    until(lambda: source.done(*"abcdefghijklmnopqrstuvwxyz"))
    assert len(source.batches) <= 2


def test_a_full_batch_does_not_wait(source: Source, until: Any) -> None:
    source.map(BatchSize=2, MaximumBatchingWindowInSeconds=300, ScalingConfig={"MaximumConcurrency": 2})
    source.send("a", "b", "c", "d")
    until(lambda: source.done("a", "b", "c", "d"))
    assert max(map(len, source.batches)) == 2


def test_a_function_that_fails_gets_the_messages_again(source: Source, messaging: Any, name: str, until: Any) -> None:
    dead_url, dead = messaging.queue(f"{name}-dead")
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 2})
    source.sqs.set_queue_attributes(
        QueueUrl=source.url, Attributes={"RedrivePolicy": redrive, "VisibilityTimeout": "3"}
    )
    made = source.map()
    source.sqs.set_queue_attributes(QueueUrl=source.url, Attributes={"VisibilityTimeout": "1"})
    source.send("raise")
    assert [message["Body"] for message in messaging.received(dead_url)] == ["raise"]
    assert source.batches == [["raise"], ["raise"]]
    kept = source.client.get_event_source_mapping(UUID=made["UUID"])
    assert kept["LastProcessingResult"] == "PROBLEM: Function call failed"


def test_only_the_messages_that_are_reported_as_failed_stay(source: Source, until: Any) -> None:
    source.send("good", "bad")
    source.map(FunctionResponseTypes=["ReportBatchItemFailures"])
    until(lambda: len([body for batch in source.batches for body in batch]) == 2)
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

    def left() -> dict[str, str]:
        kept: dict[str, str] = source.sqs.get_queue_attributes(QueueUrl=source.url, AttributeNames=names)["Attributes"]
        return kept

    until(lambda: left() == {names[0]: "0", names[1]: "1"})


@pytest.mark.parametrize("body", ["unknown", "text", "shapeless"])
def test_a_report_that_is_none_fails_the_whole_batch(source: Source, until: Any, body: str) -> None:
    source.send(body)
    source.map(FunctionResponseTypes=["ReportBatchItemFailures"])
    until(lambda: source.batches)
    until(lambda: source.client.get_event_source_mapping(UUID=source.mapping)["LastProcessingResult"] == "OK")
    assert not source.messaging.empty(source.url)


def test_without_reports_such_an_answer_is_nothing_special(source: Source, until: Any) -> None:
    source.map()
    source.send("bad")
    until(lambda: source.done("bad"))


def test_messages_that_no_filter_wants_leave_the_queue(source: Source, until: Any) -> None:
    patterns = [{"body": {"kind": ["a"]}}, {"body": [{"prefix": "plain"}]}]
    filters = [{"Pattern": json.dumps(pattern)} for pattern in patterns]
    source.map(FilterCriteria={"Filters": filters})
    source.send('{"kind": "b"}', '{"kind": "a"}', "plain text", "other text")
    until(lambda: source.done('{"kind": "a"}', "plain text"))


def test_groups_keep_their_order(messaging: Any, name: str, tmp_path: Path, until: Any) -> None:
    source = Source(messaging, f"{name}.fifo", tmp_path / "batches", ContentBasedDeduplication="true")
    source.map(BatchSize=3)
    for number in range(10):
        source.send(f"a{number}", MessageGroupId="a")
        source.send(f"b{number}", MessageGroupId="b")
    everything = [f"{group}{number}" for group in "ab" for number in range(10)]
    until(lambda: source.done(*everything))
    had = [body for batch in source.batches for body in batch]
    for group in "ab":
        assert [body for body in had if body[0] == group] == [f"{group}{number}" for number in range(10)]
    source.client.delete_event_source_mapping(UUID=source.mapping)


def test_a_mapping_can_be_paused_and_changed(source: Source, until: Any) -> None:
    made = source.map(Enabled=False)
    source.send("a")
    assert source.client.get_event_source_mapping(UUID=made["UUID"])["State"] == "Disabled"
    changed = source.client.update_event_source_mapping(UUID=made["UUID"], Enabled=True, BatchSize=1)
    assert (changed["State"], changed["BatchSize"]) == ("Updating", 1)
    until(lambda: source.done("a"))
    same = source.client.update_event_source_mapping(UUID=made["UUID"], FunctionName=source.function)
    assert same["FunctionArn"] == source.function


def test_a_mapping_that_is_deleted_receives_nothing(source: Source) -> None:
    made = source.map()
    assert source.client.delete_event_source_mapping(UUID=made["UUID"])["State"] == "Deleting"
    source.mapping = ""
    with pytest.raises(source.client.exceptions.ResourceNotFoundException):
        source.client.get_event_source_mapping(UUID=made["UUID"])


def test_mappings_are_listed(source: Source, messaging: Any, name: str) -> None:
    first = source.map(Enabled=False)["UUID"]
    _, other = messaging.queue(f"{name}-other")
    second = source.client.create_event_source_mapping(
        EventSourceArn=other, FunctionName=source.function, Enabled=False
    )["UUID"]
    pages = source.client.get_paginator("list_event_source_mappings")
    of_function = pages.paginate(FunctionName=source.function, PaginationConfig={"PageSize": 1})
    found = [mapping["UUID"] for page in of_function for mapping in page["EventSourceMappings"]]
    assert sorted(found) == sorted([first, second])
    [only] = source.client.list_event_source_mappings(EventSourceArn=other)["EventSourceMappings"]
    assert only["UUID"] == second


def test_a_role_that_may_not_receive_is_reported(
    source: Source, messaging: Any, name: str, until: Any, caplog: pytest.LogCaptureFixture
) -> None:
    role = source.client.get_function_configuration(FunctionName=source.function)["Role"].rpartition("/")[2]
    statement = {"Effect": "Deny", "Action": "sqs:ReceiveMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    messaging.client("iam").put_role_policy(RoleName=role, PolicyName="Deny", PolicyDocument=policy)
    made = source.map()
    get = source.client.get_event_source_mapping
    problem = until(lambda: (result := get(UUID=made["UUID"])["LastProcessingResult"]).startswith("PROBLEM") and result)
    assert "sqs:receivemessage" in problem.lower()
    assert source.arn in caplog.text


def test_a_role_that_may_not_look_at_the_queue_is_refused(source: Source, messaging: Any) -> None:
    role = source.client.get_function_configuration(FunctionName=source.function)["Role"].rpartition("/")[2]
    messaging.client("iam").delete_role_policy(RoleName=role, PolicyName="Everything")
    with pytest.raises(ClientError, match="execution role does not have permissions to call ReceiveMessage"):
        source.map()


def test_a_function_that_is_gone_is_reported(source: Source, until: Any, caplog: pytest.LogCaptureFixture) -> None:
    made = source.map()
    source.client.delete_function(FunctionName=source.function)
    source.send("late")
    get = source.client.get_event_source_mapping
    until(lambda: "Function not found" in get(UUID=made["UUID"])["LastProcessingResult"])
    assert "Function not found" in caplog.text


def test_a_mapping_has_tags(source: Source) -> None:
    arn = source.map(Enabled=False, Tags={"a": "1"})["EventSourceMappingArn"]
    source.client.tag_resource(Resource=arn, Tags={"b": "2"})
    assert source.client.list_tags(Resource=arn)["Tags"] == {"a": "1", "b": "2"}
    source.client.untag_resource(Resource=arn, TagKeys=["a"])
    assert source.client.list_tags(Resource=arn)["Tags"] == {"b": "2"}


def test_a_second_mapping_of_the_same_is_refused(source: Source) -> None:
    made = source.map(Enabled=False)
    with pytest.raises(source.client.exceptions.ResourceConflictException, match=made["UUID"]):
        source.map()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"EventSourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/s"}, "polls SQS queues only"),
        ({"EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:gone"}, "The specified queue does not exist"),
        ({"StartingPosition": "LATEST"}, "Not supported for event source mappings of SQS: StartingPosition"),
        ({"BatchSize": 11}, "Maximum batch window in seconds must be greater than 0"),
        ({"FilterCriteria": {"Filters": [{"Pattern": "x"}]}}, "Invalid filter pattern definition"),
        ({"EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:q.fifo", "BatchSize": 11}, "at most 10 for FIFO"),
        (
            {"EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:q.fifo", "MaximumBatchingWindowInSeconds": 1},
            "Batching window is not supported for FIFO queues",
        ),
    ],
)
def test_a_mapping_that_is_wrong_is_refused(source: Source, settings: Any, message: str) -> None:
    with pytest.raises(ClientError, match=message):
        source.client.create_event_source_mapping(
            **{"EventSourceArn": source.arn, "FunctionName": source.function, **settings}
        )


def test_a_queue_that_gives_too_little_time_is_refused(source: Source) -> None:
    source.sqs.set_queue_attributes(QueueUrl=source.url, Attributes={"VisibilityTimeout": "2"})
    with pytest.raises(ClientError, match="visibility timeout: 2 seconds is less than Function timeout: 3 seconds"):
        source.map()


def test_mappings_come_back(source: Source, messaging: Any, tmp_path: Path) -> None:
    made = source.map(Enabled=False)
    store = messaging.store
    again = Lambda(
        clients=messaging.clients,
        work=tmp_path,
        faults=messaging.cloud.faults,
        metrics=messaging.metrics,
        clock=messaging.clock,
        store=store,
    )
    again.restore()
    kept = again.call("GetEventSourceMapping", {"UUID": made["UUID"]}, None)  # type: ignore[arg-type]
    assert (kept["State"], kept["EventSourceArn"]) == ("Disabled", source.arn)
    again.close()
