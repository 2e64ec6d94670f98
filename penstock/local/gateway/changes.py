"""Which calls change what moto keeps, and what of them the journal is told."""

import re
from typing import Any

from werkzeug.wrappers import Response

from penstock.local.gateway.requests import Call

# What is not known to be a read is written down: the safe way round.
_READS = re.compile(
    "(Batch|Transact)?"
    "(Check|Count|Decrypt|Derive|Describe|Encrypt|Estimate|Filter|Get|Head|List|Query|ReEncrypt|Scan|Search|Select|Sign"
    "|Simulate|StartLive|StartQuery|StopQuery|Test|Validate|Verify)|Generate(Data|Mac|Random)"
)
# Sessions are made anew, events are delivered once, messages in flight are visible again, and metrics are kept by
# CloudWatch itself.
_PASSING = {
    "cloudwatch": {"PutMetricData"},
    "events": {"PutEvents"},
    "sns": {"Publish", "PublishBatch"},
    "sqs": {
        "ReceiveMessage", "ChangeMessageVisibility", "ChangeMessageVisibilityBatch", "DeleteMessage",
        "DeleteMessageBatch",
    },
}  # fmt: skip
_SUBJECTS = {"s3": ("Bucket", "Key"), "logs": ("logGroupName", "logStreamName"), "sqs": ("QueueUrl",)}


def changes(call: Call, moto: Any) -> bool:
    """Tell whether a call leaves something behind that a cloud comes back with; `moto` is its service's state."""
    name = str(call.operation.name)
    if call.service == "s3" and call.parameters.get("Bucket") in moto.buckets:
        # A read too leaves a line in the bucket's access log, where there is one.
        return not _READS.match(name) or bool(moto.buckets[call.parameters["Bucket"]].logging)
    return call.service != "sts" and name not in _PASSING.get(call.service, ()) and not _READS.match(name)


def subject(call: Call) -> str:
    """Return what a call is about, where a later call can undo it: `bucket:key`, `log group:stream`, a queue's URL."""
    return ":".join(str(call.parameters.get(name, "")) for name in _SUBJECTS.get(call.service, ()))


def made(call: Call, response: Response) -> str:
    """Return the version of the object or the messages that came of a call, parted by spaces."""
    name = str(call.operation.name)
    if call.service == "s3":
        return response.headers.get("x-amz-version-id", "")
    if call.service == "sqs" and name.startswith("SendMessage"):
        return " ".join(re.findall(r'(?:"MessageId":\s*"|<MessageId>)([\w-]+)', response.get_data(as_text=True)))
    return ""
