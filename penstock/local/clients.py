"""boto3 clients of the local cloud, each with the credentials of who calls."""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

from penstock.errors import CloudError
from penstock.local.arns import partition

# One try: a retry here would hide an error that AWS would have shown. No proxy stands between us and ourselves.
_CONFIG = Config(
    retries={"total_max_attempts": 1},
    proxies={},
    max_pool_connections=32,
    read_timeout=900,
    s3={"addressing_style": "path"},
    use_fips_endpoint=False,
    use_dualstack_endpoint=False,
)
# Every execution and every job has credentials, and so clients, of its own: those used last are kept.
_MOST_CLIENTS = 128
_MOST_ROLES = 1_024
# The user's own profiles and endpoints are for AWS.
_NO_PROFILE: dict[str, tuple[None, list[str], str | None, None]] = {
    "profile": (None, [], None, None),
    "config_file": (None, [], os.devnull, None),
}


@dataclass(frozen=True)
class Credentials:
    """An access key, and the session token that a role's key comes with."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)

    def as_environment(self) -> dict[str, str]:
        """Return the environment variables by which every AWS client finds these credentials."""
        variables = {"AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret_key}
        return variables | ({"AWS_SESSION_TOKEN": self.token} if self.token else {})


class Clients:
    """Clients for the operator, each role and each service, made once; the gateway tells them apart by access key.

    `issue` gives a service of AWS credentials of its own, by its principal and what it acts for. Only the cloud itself
    has it, and only it can act as a service or as a role.
    """

    def __init__(
        self,
        *,
        url: str,
        account: str,
        region: str,
        operator: Credentials,
        issue: Callable[[str, str], Credentials] | None = None,
    ) -> None:
        self.url = url
        self.account = account
        self.region = region
        self._operator = operator
        self._issue = issue
        self._session = boto3.session.Session(
            botocore_session=botocore.session.Session(session_vars=_NO_PROFILE), region_name=region
        )
        self._lock = threading.RLock()  # boto3 sessions are not safe to make clients from in several threads
        self._clients: OrderedDict[tuple[str, str], Any] = OrderedDict()
        self._roles: OrderedDict[tuple[str, str, str, str], Credentials] = OrderedDict()

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of something in this account and region."""
        return f"arn:{partition(self.region)}:{service}:{self.region}:{self.account}:{resource}"

    def global_arn(self, service: str, resource: str, *, account: bool = True) -> str:
        """Return the ARN of something that is in no region."""
        return f"arn:{partition(self.region)}:{service}::{self.account if account else ''}:{resource}"

    def operator(self, service: str) -> Any:
        """Return a client that acts as the person at the keyboard."""
        return self._client(service, self._operator)

    def service(self, principal: str, service: str, *, source: str = "") -> Any:
        """Return a client of `service` that acts as a service of AWS, such as events.amazonaws.com.

        `source` is the ARN of what it acts for: policies know it as aws:SourceArn.
        """
        return self._client(service, self._credentials(principal, source))

    def role(self, role_arn: str, service: str, *, session: str, by: str, source: str = "") -> Any:
        """Return a client that acts as a role, which the service `by` assumes through sts:AssumeRole.

        `session` names the caller in the record; `source` is the ARN of what the service acts for.
        """
        return self._client(service, self._assume(role_arn, session, by, source))

    def role_environment(self, role_arn: str, *, session: str, by: str, source: str = "") -> dict[str, str]:
        """Return the environment variables of a program that acts as a role in this cloud, as in `role`."""
        return self._assume(role_arn, session, by, source).as_environment() | self.environment()

    def environment(self) -> dict[str, str]:
        """Return the variables that say where the cloud is."""
        return {"AWS_ENDPOINT_URL": self.url, "AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region}

    def _client(self, service: str, credentials: Credentials) -> Any:
        key = (service, credentials.access_key)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._session.client(
                    service,
                    endpoint_url=self.url,
                    aws_access_key_id=credentials.access_key,
                    aws_secret_access_key=credentials.secret_key,
                    aws_session_token=credentials.token,
                    config=_CONFIG,
                )
                if len(self._clients) > _MOST_CLIENTS:
                    self._clients.popitem(last=False)
            self._clients.move_to_end(key)
            return self._clients[key]

    def _credentials(self, principal: str, source: str) -> Credentials:
        if self._issue is None:
            raise CloudError(f"Only the cloud itself acts as {principal}.")
        return self._issue(principal, source)

    def _assume(self, role_arn: str, session: str, by: str, source: str) -> Credentials:
        key = (role_arn, session, by, source)
        with self._lock:
            if key in self._roles:
                self._roles.move_to_end(key)
                return self._roles[key]
        # Not under the lock: nobody else is to wait for this call. Where two make it, either's credentials will do.
        sts = self.service(by, "sts", source=source)
        given = sts.assume_role(RoleArn=role_arn, RoleSessionName=session[:64].ljust(2, "-"))["Credentials"]
        with self._lock:
            self._roles[key] = Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
            if len(self._roles) > _MOST_ROLES:
                self._roles.popitem(last=False)
            return self._roles[key]
