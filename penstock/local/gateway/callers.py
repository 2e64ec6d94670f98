"""Who is calling: access keys, as issued by this cloud's operator or by sts:AssumeRole."""

import re
import secrets
from collections.abc import Mapping

from moto.sts.models import sts_backends

from penstock.local.clients import Credentials
from penstock.local.service import AwsError, Caller

_SCOPE = re.compile(r"Credential=(?P<key>[^/,\s]+)/\d{8}/[^/]+/(?P<service>[^/]+)/aws4_request")


class Callers:
    """The access keys that this cloud knows; the operator's is made at random for each cloud.

    A page in a browser can send requests to localhost too, but it cannot guess the key.
    """

    def __init__(self, *, account: str, partition: str = "aws") -> None:
        self.operator = Credentials("AKIA" + secrets.token_hex(8).upper(), secrets.token_urlsafe(30))
        self._account = account
        self._partition = partition
        self._known = {
            self.operator.access_key: Caller(
                self.operator.access_key, account, f"arn:{partition}:iam::{account}:user/operator"
            )
        }

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
            self._known[access_key] = Caller(access_key, self._account, role.arn)
        return self._known[access_key]


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
