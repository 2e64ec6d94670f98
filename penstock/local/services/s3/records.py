"""A change of an object in the forms in which S3 tells of it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

import itertools
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote_plus

from penstock.local.clock import iso
from penstock.local.service import Caller, JsonObject
from penstock.local.services.s3.changes import Change

_TITLES = {
    "ObjectCreated": "Object Created",
    "ObjectRemoved": "Object Deleted",
    "ObjectTagging:Put": "Object Tags Added",
    "ObjectTagging:Delete": "Object Tags Deleted",
    "ObjectAcl": "Object ACL Updated",
}
_DELETIONS = {"Delete": "Permanently Deleted", "DeleteMarkerCreated": "Delete Marker Created"}
_SOURCE_ADDRESS = "127.0.0.1"
_sequence = itertools.count(time.time_ns())


@dataclass(frozen=True)
class Told:
    """A change, and who caused it when."""

    bucket: str
    bucket_arn: str
    region: str
    change: Change
    caller: Caller
    time: datetime
    # Later changes have greater ones.
    sequencer: str = field(default_factory=lambda: f"{next(_sequence):016X}")
    request_id: str = field(default_factory=lambda: secrets.token_hex(8).upper())

    def event(self) -> JsonObject:
        """Return the event for EventBridge."""
        change = self.change
        group, kind = change.event.split(":")[1:]
        title = _TITLES.get(group) or _TITLES[f"{group}:{kind}"]
        removed = group == "ObjectRemoved"
        detail = {
            "version": "0",
            "bucket": {"name": self.bucket},
            "object": self._object(change.key, etag="etag", version="version-id"),
            "request-id": self.request_id,
            "requester": self.caller.service or self.caller.account,
            "source-ip-address": _SOURCE_ADDRESS,
            **({"reason": change.reason} if removed or group == "ObjectCreated" else {}),
            **({"deletion-type": _DELETIONS[kind]} if removed else {}),
        }
        return {"source": "aws.s3", "detail-type": title, "resources": [self.bucket_arn], "detail": detail}

    def record(self, configuration: str) -> JsonObject:
        """Return the message for a function, a queue or a topic."""
        stamp = iso(self.time)
        record = {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": self.region,
            "eventTime": stamp,
            "eventName": self.change.event.removeprefix("s3:"),
            "userIdentity": {"principalId": f"AWS:{self.caller.access_key}"},
            "requestParameters": {"sourceIPAddress": _SOURCE_ADDRESS},
            "responseElements": {"x-amz-request-id": self.request_id, "x-amz-id-2": self.request_id},
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": configuration,
                "bucket": {
                    "name": self.bucket,
                    "ownerIdentity": {"principalId": self.caller.account},
                    "arn": self.bucket_arn,
                },
                "object": self._object(quote_plus(self.change.key, safe="/"), etag="eTag", version="versionId"),
            },
        }
        return {"Records": [record]}

    def _object(self, key: str, *, etag: str, version: str) -> JsonObject:
        change = self.change
        given = {"key": key, "size": change.size, etag: change.etag or None, version: change.version or None}
        return {name: value for name, value in given.items() if value is not None} | {"sequencer": self.sequencer}


def test_event(bucket: str, moment: datetime) -> JsonObject:
    """Return what a destination is sent when it is configured."""
    return {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": iso(moment),
        "Bucket": bucket,
        "RequestId": secrets.token_hex(8).upper(),
        "HostId": secrets.token_hex(16),
    }
