"""What a journal can do without: calls that leave nothing behind any more, where that is simple to see and safe to say.

Every rule looks at calls about the same thing only: an object, a log stream, a queue. Ids do not move when a call is
left out, as each call has a seed of its own.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import parse_qs, unquote

from penstock.local.gateway.journal import Entry

_MOST_EVENTS = 10_000  # in a call of PutLogEvents


def dead(entries: Sequence[Entry], struck: set[str]) -> list[Entry]:
    """Return the calls that need not be carried out again, given the messages that are gone from their queues."""
    of = {service: [entry for entry in entries if entry.service == service] for service in ("s3", "logs", "sqs")}
    return [*_objects(of["s3"]), *_log_groups(of["logs"]), *_messages(of["sqs"], struck)]


def log_calls(entries: Sequence[Entry], body: Callable[[Entry], bytes]) -> Iterator[tuple[Entry, list[Entry]]]:
    """Yield calls that write the lines of several to one log stream, each in the place of the last of those."""
    streams: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if (entry.service, entry.operation) == ("logs", "PutLogEvents"):
            streams[entry.subject].append(entry)
    for calls in streams.values():
        requests = [json.loads(body(call)) for call in calls] if len(calls) > 1 else []
        lines = [line for request in requests for line in request["logEvents"]]
        if requests and len(lines) <= _MOST_EVENTS:
            yield replace(calls[-1], body=json.dumps({**requests[-1], "logEvents": lines}).encode()), calls[:-1]


def _objects(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Objects that were overwritten in a bucket without versions, and versions that were deleted, with their deletions.

    Not those that something else was done with: copied, tagged, uploaded in parts, overwritten on a condition.
    """
    versioned = {entry.subject.partition(":")[0] for entry in entries if entry.operation == "PutBucketVersioning"}
    used = {_source(entry) for entry in entries} | {
        entry.subject
        for entry in entries
        if entry.operation not in {"PutObject", "DeleteObject"} or "HTTP_IF_MATCH" in entry.request
    }
    deleted = {(entry.subject, version) for entry in entries if (version := _version(entry))}
    gone, replaced = set(), set()
    for entry in reversed(entries):
        bucket, _, key = entry.subject.partition(":")
        if not key or entry.subject in used or entry.operation not in {"PutObject", "DeleteObject"}:
            continue
        if bucket not in versioned:
            if entry.subject in replaced:
                yield entry
            replaced.add(entry.subject)
        elif entry.operation == "PutObject" and (entry.subject, entry.made) in deleted:
            gone.add((entry.subject, entry.made))
            yield entry
    yield from (entry for entry in entries if (entry.subject, _version(entry)) in gone)


def _source(entry: Entry) -> str:
    """Return the object that a call copies, as a subject."""
    return unquote(entry.request.get("HTTP_X_AMZ_COPY_SOURCE", "")).partition("?")[0].lstrip("/").replace("/", ":", 1)


def _version(entry: Entry) -> str:
    """Return the version that a call deletes."""
    query = parse_qs(entry.request.get("QUERY_STRING", ""))
    return query.get("versionId", [""])[0] if entry.operation == "DeleteObject" else ""


def _log_groups(entries: Sequence[Entry]) -> Iterator[Entry]:
    """All that was done with a log group until it was deleted."""
    ended: set[str] = set()
    for entry in reversed(entries):
        group = entry.subject.partition(":")[0]
        if entry.operation == "DeleteLogGroup":
            ended.add(group)
        if group in ended:
            yield entry


def _messages(entries: Sequence[Entry], struck: set[str]) -> Iterator[Entry]:
    """Messages that were deleted, or whose queue was emptied or deleted."""
    emptied: set[str] = set()
    for entry in reversed(entries):
        if entry.operation in {"DeleteQueue", "PurgeQueue"}:
            emptied.add(entry.subject)
        elif entry.operation.startswith("SendMessage") and (
            entry.subject in emptied or {*entry.made.split()} <= struck
        ):
            yield entry
