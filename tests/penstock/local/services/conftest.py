"""A cloud with only what a test needs: the gateway, moto, and the services that the test adds."""

import io
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from penstock.local.clients import Clients
from penstock.local.gateway.app import Gateway
from penstock.local.gateway.callers import Callers
from penstock.local.gateway.record import Record
from penstock.local.gateway.server import Server

ACCOUNT, REGION = "123456789012", "us-east-1"


class SmallCloud:
    """The gateway on a free port, and clients for it."""

    def __init__(self, stack: ExitStack, work: Path) -> None:
        callers = Callers(account=ACCOUNT)
        self.work = work
        self.services: dict[str, Any] = {}
        self._stack = stack
        self.record = stack.enter_context(closing(Record(work / "calls.jsonl")))

        def no_control(_request: Any) -> Any:
            raise AssertionError("no test here uses the control endpoint")

        gateway = Gateway(callers=callers, services=self.services, record=self.record, control=no_control)
        self.server = stack.enter_context(closing(Server(gateway, port=0)))
        self.clients = Clients(
            url=f"http://localhost:{self.server.port}", account=ACCOUNT, region=REGION, operator=callers.operator
        )

    def add(self, service: Any) -> Any:
        self._stack.enter_context(closing(service))
        if hasattr(service, "name"):
            self.services[service.name] = service
        return service

    def role(self) -> str:
        """Make a role and return its ARN."""
        iam = self.clients.operator("iam")
        return str(iam.create_role(RoleName=f"role-{uuid.uuid4()}", AssumeRolePolicyDocument="{}")["Role"]["Arn"])


@pytest.fixture(scope="module")
def small_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCloud]:
    with ExitStack() as stack:
        yield SmallCloud(stack, tmp_path_factory.mktemp("cloud"))


@pytest.fixture(scope="session")
def zipped() -> Callable[[dict[str, str]], bytes]:
    """Make an archive of files."""

    def archive(files: dict[str, str]) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as file:
            for name, text in files.items():
                file.writestr(name, text)
        return buffer.getvalue()

    return archive
