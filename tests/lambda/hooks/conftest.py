from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from hooks.aws import clients as aws_clients

Stub = Callable[[str], Stubber]


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test reach a real account, nor a client that another test made."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    aws_clients.client.cache_clear()


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    """Return the Stubber of a service: it checks requests and responses against AWS's own shapes."""
    clients: dict[str, Any] = {}
    monkeypatch.setattr(aws_clients, "client", clients.__getitem__)
    with ExitStack() as stack:

        def make(service: str) -> Stubber:
            clients[service] = boto3.client(service)
            return stack.enter_context(Stubber(clients[service]))

        yield make
