"""boto3 clients of the local cloud, each with the credentials of who calls."""

import os
import threading
from dataclasses import dataclass, field
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

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
    """Clients for the operator and for each role, made once; the gateway tells them apart by access key."""

    def __init__(self, *, url: str, account: str, region: str, operator: Credentials) -> None:
        self.url = url
        self.account = account
        self.region = region
        self._operator = operator
        self._session = boto3.session.Session(
            botocore_session=botocore.session.Session(session_vars=_NO_PROFILE), region_name=region
        )
        self._lock = threading.RLock()  # boto3 sessions are not safe to make clients from in several threads
        self._clients: dict[tuple[str, str], Any] = {}
        self._roles: dict[tuple[str, str], Credentials] = {}

    def operator(self, service: str) -> Any:
        """Return a client that acts as the person at the keyboard."""
        return self._client(service, self._operator)

    def role(self, role_arn: str, service: str, *, session: str) -> Any:
        """Return a client that acts as a role, through sts:AssumeRole; `session` names the caller in the record."""
        return self._client(service, self._assume(role_arn, session))

    def role_environment(self, role_arn: str, *, session: str) -> dict[str, str]:
        """Return the environment variables of a program that acts as a role in this cloud."""
        return self._assume(role_arn, session).as_environment() | self.environment()

    def operator_environment(self) -> dict[str, str]:
        """Return the environment variables with which unchanged AWS clients use this cloud as the operator."""
        return self.environment() | self._operator.as_environment()

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
            return self._clients[key]

    def _assume(self, role_arn: str, session: str) -> Credentials:
        key = (role_arn, session)
        with self._lock:
            if key not in self._roles:
                answer = self.operator("sts").assume_role(RoleArn=role_arn, RoleSessionName=session[:64])
                given = answer["Credentials"]
                self._roles[key] = Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
            return self._roles[key]
