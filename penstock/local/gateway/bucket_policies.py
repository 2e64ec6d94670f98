"""Bucket policies with conditions, which moto keeps and enforces but reads as if every condition were true.

A policy such as "deny whatever comes without TLS" would then deny everything. What moto is given leaves such
denials out; what clients read back is the policy as it was put.
"""

import json
import threading

from penstock.local.gateway.requests import Call
from penstock.local.service import JsonObject


class BucketPolicies:
    """The policies as they were put, by bucket."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._put: dict[str, str] = {}

    def body(self, call: Call) -> bytes | None:
        """Return the body with which a call goes on to moto."""
        if call.operation.name == "PutBucketPolicy" and call.body is not None:
            return _without_conditional_denials(call.body)
        return call.body

    def answer(self, call: Call) -> JsonObject | None:
        """Return the answer to a call for a policy that was put, or None: then moto answers."""
        if call.operation.name != "GetBucketPolicy":
            return None
        with self._lock:
            policy = self._put.get(call.parameters["Bucket"])
        return None if policy is None else {"Policy": policy}

    def done(self, call: Call) -> None:
        """Note a call that moto has accepted."""
        with self._lock:
            if call.operation.name == "PutBucketPolicy" and call.body is not None:
                self._put[call.parameters["Bucket"]] = call.body.decode()
            elif call.operation.name in {"DeleteBucketPolicy", "DeleteBucket"}:
                self._put.pop(call.parameters["Bucket"], None)


def _without_conditional_denials(body: bytes) -> bytes:
    try:
        policy = json.loads(body)
        statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
        kept = [one for one in statements if not (one.get("Effect") == "Deny" and one.get("Condition"))]
    except (ValueError, KeyError, TypeError, AttributeError):
        return body  # malformed: moto says so
    return json.dumps(policy | {"Statement": kept}).encode()
