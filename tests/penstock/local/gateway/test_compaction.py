import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from penstock.local.gateway.compaction import dead, log_calls
from penstock.local.gateway.journal import Entry
from penstock.local.service import Caller

OPERATOR = Caller("AKIA", "123456789012", "arn:aws:iam::123456789012:user/operator")


def calls(*made: tuple[str, str] | tuple[str, str, dict[str, Any]]) -> list[Entry]:
    """Entries by operation, as `service:Operation`, subject and other members."""
    entries = []
    for number, (operation, subject, *more) in enumerate(made):
        service, _, name = operation.partition(":")
        members: dict[str, Any] = {"request": {}, "kept": {}} | (more[0] if more else {})
        time = datetime(2026, 1, 1, tzinfo=UTC)
        entries.append(
            Entry(
                time=time, service=service, operation=name, caller=OPERATOR, subject=subject, number=number, **members
            )
        )
    return entries


def numbers(entries: list[Entry], *struck: str) -> list[int]:
    return sorted(entry.number for entry in dead(entries, set(struck)))


def deletes(version: str) -> dict[str, Any]:
    return {"request": {"QUERY_STRING": urlencode({"versionId": version})}}


def copies(source: str) -> dict[str, Any]:
    return {"request": {"HTTP_X_AMZ_COPY_SOURCE": source}}


def test_an_object_that_was_overwritten_is_dead() -> None:
    entries = calls(
        ("s3:CreateBucket", "b:"),
        ("s3:PutObject", "b:k"),
        ("s3:PutObject", "b:other"),
        ("s3:DeleteObject", "b:k"),
        ("s3:PutObject", "b:k"),
    )
    assert numbers(entries) == [1, 3]


def test_versions_live_until_they_are_deleted() -> None:
    entries = calls(
        ("s3:PutBucketVersioning", "b:"),
        ("s3:PutObject", "b:k", {"made": "v1"}),
        ("s3:PutObject", "b:k", {"made": "v2"}),
        ("s3:DeleteObject", "b:k"),
        ("s3:DeleteObject", "b:k", deletes("v1")),
    )
    assert numbers(entries) == [1, 4]


def test_an_object_that_something_else_was_done_with_lives() -> None:
    entries = calls(
        ("s3:PutObject", "b:a/k"),
        ("s3:CopyObject", "c:k", copies("/b/a%2Fk?versionId=null")),
        ("s3:PutObject", "b:a/k"),
        ("s3:PutObject", "b:t"),
        ("s3:PutObjectTagging", "b:t"),
        ("s3:PutObject", "b:t"),
        ("s3:PutObject", "b:m"),
        ("s3:PutObject", "b:m", {"request": {"HTTP_IF_MATCH": "etag"}}),
    )
    assert numbers(entries) == []


def test_a_log_group_that_was_deleted_is_dead_and_one_made_again_is_not() -> None:
    entries = calls(
        ("logs:CreateLogGroup", "/aws/g:"),
        ("logs:CreateLogStream", "/aws/g:2026/01/[$LATEST]s"),
        ("logs:PutLogEvents", "/aws/g:2026/01/[$LATEST]s"),
        ("logs:PutLogEvents", "/aws/g2:s"),
        ("logs:DeleteLogGroup", "/aws/g:"),
        ("logs:CreateLogGroup", "/aws/g:"),
    )
    assert numbers(entries) == [0, 1, 2, 4]


def test_messages_that_are_gone_are_dead() -> None:
    entries = calls(
        ("sqs:SendMessage", "q", {"made": "m1"}),
        ("sqs:SendMessageBatch", "q", {"made": "m2 m3"}),
        ("sqs:SendMessageBatch", "q", {"made": "m4 m5"}),
        ("sqs:SendMessage", "purged", {"made": "m6"}),
        ("sqs:PurgeQueue", "purged"),
        ("sqs:SendMessage", "purged", {"made": "m7"}),
    )
    assert numbers(entries, "m1", "m2", "m4", "m5") == [0, 2, 3]


def test_the_lines_of_a_stream_are_written_at_once_in_the_place_of_the_last() -> None:
    entries = calls(
        ("logs:PutLogEvents", "g:s"),
        ("logs:PutLogEvents", "g:other"),
        ("logs:PutLogEvents", "g:s"),
        ("dynamodb:PutItem", ""),
    )

    def body(entry: Entry) -> bytes:
        return json.dumps({"logStreamName": "s", "logEvents": [{"message": str(entry.number)}]}).encode()

    [(call, merged)] = log_calls(entries, body)
    assert (call.number, [entry.number for entry in merged]) == (2, [0])
    assert json.loads(call.body) == {"logStreamName": "s", "logEvents": [{"message": "0"}, {"message": "2"}]}
