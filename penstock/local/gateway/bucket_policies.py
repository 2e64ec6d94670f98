"""Bucket policies, which moto keeps and enforces, but reads as if every condition were true.

Who may do what is decided at the gateway's door. What moto is given therefore denies nothing; what clients read back is
the policy as it was put.
"""

import json
import threading

from werkzeug.wrappers import Response

from penstock.local.gateway.overlay import Overlay
from penstock.local.gateway.requests import Call
from penstock.local.service import Caller, JsonObject


class BucketPolicies(Overlay):
    """The policies as they were put, by bucket."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._put: dict[str, str] = {}

    def of(self, bucket: str) -> str | None:
        """Return the policy of a bucket."""
        with self._lock:
            return self._put.get(bucket)

    def body(self, call: Call) -> bytes | None:
        """Return a body without denials."""
        if call.operation.name == "PutBucketPolicy" and call.body is not None:
            return _without_denials(call.body)
        return call.body

    def answer(self, call: Call, caller: Caller) -> JsonObject | None:  # noqa: ARG002
        """Return a policy as it was put; moto says so where there is none."""
        policy = self.of(call.parameters["Bucket"]) if call.operation.name == "GetBucketPolicy" else None
        return None if policy is None else {"Policy": policy}

    def done(self, call: Call, caller: Caller, response: Response) -> None:  # noqa: ARG002
        """Note a policy that was put or removed."""
        with self._lock:
            if call.operation.name == "PutBucketPolicy" and call.body is not None:
                self._put[call.parameters["Bucket"]] = call.body.decode()
            elif call.operation.name in {"DeleteBucketPolicy", "DeleteBucket"}:
                self._put.pop(call.parameters["Bucket"], None)


def _without_denials(body: bytes) -> bytes:
    try:
        policy = json.loads(body)
        statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
        kept = [one for one in statements if one.get("Effect") != "Deny"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return body  # malformed: moto says so
    return json.dumps(policy | {"Statement": kept}).encode()
