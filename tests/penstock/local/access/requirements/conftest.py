from collections.abc import Callable
from typing import Any

import pytest

from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements import required
from penstock.local.access.requirements.rules import Asked
from penstock.local.access.state import State

ACCOUNT, REGION = "123456789012", "us-east-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k"


class Encrypted(State):
    """A state in which everything is encrypted with one key, and one object is missing."""

    def __init__(self) -> None:
        """There is nothing to read it from."""

    def object_key(self, bucket: str, key: str, version: str | None = None) -> str | None:  # noqa: ARG002
        return None if key == "none" else KEY

    def bucket_key(self, bucket: str) -> tuple[str, bool]:
        return KEY, bucket == "shared"

    def key(self, named: str | None) -> str:
        return f"{KEY}{named}" if named and "-" in named else KEY if named else ""

    def topic_key(self, arn: str) -> str:  # noqa: ARG002
        return KEY

    def queue_key(self, name: str) -> str:  # noqa: ARG002
        return KEY

    def role(self, name: str) -> str:
        return f"arn:aws:iam::{ACCOUNT}:role/path/{name}"

    def endpoint_config_key(self, name: str) -> str:  # noqa: ARG002
        return KEY

    def endpoint_config_of(self, endpoint: str) -> str:
        return f"config-of-{endpoint}"

    def scaled_variants(self, endpoint: str) -> set[str]:
        return {"main"} if endpoint == "scaled" else set()

    def variants_of(self, config: str) -> list[str]:
        return ["main"] if config == "same" else ["other"]

    def has_role(self, name: str) -> bool:  # noqa: ARG002
        return False

    def table_key(self, table: str) -> str:
        return KEY if table == "secret" else ""

    def partition_key(self, table: str) -> str:  # noqa: ARG002
        return "id"


def asked(service: str, operation: str, **parameters: Any) -> Asked:
    return Asked(service, operation, parameters, ACCOUNT, REGION, "aws", Encrypted())


def takes(service: str, operation: str, **parameters: Any) -> list[str]:
    """What a call takes, each as its action and the last part of the resource's ARN."""
    found = required(asked(service, operation, **parameters))
    return [f"{one.action} {one.resource.split(':', 5)[-1]}" for one in found]


def contexts(service: str, operation: str, **parameters: Any) -> dict[str, Requirement]:
    """What a call takes, by action."""
    return {one.action: one for one in required(asked(service, operation, **parameters))}


@pytest.fixture(name="takes")
def _takes() -> Callable[..., list[str]]:
    return takes


@pytest.fixture(name="by_action")
def _by_action() -> Callable[..., dict[str, Requirement]]:
    return contexts


@pytest.fixture(name="asked")
def _asked() -> Callable[..., Asked]:
    return asked
