"""Who is calling: access keys, as issued by this cloud's operator or by sts:AssumeRole."""

import re
import secrets
import threading
from collections.abc import Mapping

from moto.sts.models import sts_backends

from penstock.local.clients import Credentials
from penstock.local.service import AwsError, Caller

_SCOPE = re.compile(r"Credential=(?P<key>[^/,\s]+)/\d{8}/[^/]+/(?P<service>[^/]+)/aws4_request")


class Callers:
    """The access keys that this cloud knows; the operator's are random, and new ones where none are given.

    A page in a browser can send requests to localhost too, but it cannot guess the key. The cloud itself acts as the
    operator with the key of `inner`, so that it can tell what it asks itself from what it is asked.
    """

    def __init__(self, *, account: str, partition: str = "aws", operator: Credentials | None = None) -> None:
        self.operator = operator or new_credentials("AKIA")
        self.inner = new_credentials("AKIA")
        self._account = account
        self._partition = partition
        self._lock = threading.Lock()
        self._services: dict[tuple[str, str], Credentials] = {}
        self._known = {
            one.access_key: Caller(one.access_key, account, f"arn:{partition}:iam::{account}:user/operator")
            for one in (self.operator, self.inner)
        }

    def issue(self, principal: str, source: str) -> Credentials:
        """Return the credentials with which a service of AWS acts for itself, in the name of `source`, an ARN."""
        with self._lock:
            if (principal, source) not in self._services:
                made = new_credentials("ASIA")
                key = made.access_key
                self._known[key] = Caller(key, self._account, principal, service=principal, source=source)
                self._services[principal, source] = made
            return self._services[principal, source]

    def identify(self, access_key: str) -> Caller:
        """Return the caller that an access key belongs to.

        Raises:
            AwsError: InvalidClientTokenId (403), as AWS answers to a key that it does not know.
        """
        if access_key not in self._known:
            # Roles are assumed through moto's STS, also by programs that call it themselves.
            role = sts_backends[self._account][self._partition].get_assumed_role_from_access_key(access_key)
            if role is None:
                raise AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403)
            since = f"{role.access_key.create_date:%Y-%m-%dT%H:%M:%SZ}"
            self._known[access_key] = Caller(access_key, self._account, role.arn, role=role.role_arn, since=since)
        return self._known[access_key]


def new_credentials(prefix: str) -> Credentials:
    """Make an access key at random; keys of users and of sessions begin differently."""
    return Credentials(prefix + secrets.token_hex(8).upper(), secrets.token_urlsafe(30))


def scope(headers: Mapping[str, str], query: Mapping[str, str]) -> tuple[str, str]:
    """Read the access key and the service's signing name from a signature: of a header or of a presigned URL.

    Raises:
        AwsError: MissingAuthenticationToken (403) when the request is not signed.
    """
    if "AWSAccessKeyId" in query:  # S3's presigned URLs of signature version 2
        return query["AWSAccessKeyId"], "s3"
    found = _SCOPE.search(headers.get("Authorization") or f"Credential={query.get('X-Amz-Credential', '')}")
    if found is None:
        raise AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
    return found["key"], found["service"]
