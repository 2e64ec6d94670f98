"""A gateway that misbehaves, in front of moto and of an endpoint that can be described and updated."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from werkzeug.wrappers import Response

from penstock.local.clients import Clients
from penstock.local.faults import Faults
from penstock.local.gateway.app import Gateway
from penstock.local.gateway.callers import Callers
from penstock.local.gateway.record import Record
from penstock.local.gateway.server import Server
from penstock.local.service import Caller, JsonObject

ACCOUNT, REGION = "123456789012", "us-east-1"
ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"


class SageMaker:
    """SageMaker, as far as faults are about it: `done` is what has had its effect."""

    name = "sagemaker"

    def __init__(self) -> None:
        self.done: list[str] = []
        self.config = "old"

    def call(self, operation: str, request: JsonObject, _caller: Caller) -> JsonObject:
        self.done.append(operation)
        if operation == "CreateModel":
            return {"ModelArn": f"{ARN}:model/{request['ModelName']}"}
        if operation == "CreateEndpointConfig":
            return {"EndpointConfigArn": f"{ARN}:endpoint-config/{request['EndpointConfigName']}"}
        if operation == "UpdateEndpoint":
            self.config = request["EndpointConfigName"]
            return {"EndpointArn": f"{ARN}:endpoint/{request['EndpointName']}"}
        now = datetime.now(UTC)
        return {
            "EndpointName": request["EndpointName"],
            "EndpointArn": f"{ARN}:endpoint/{request['EndpointName']}",
            "EndpointConfigName": self.config,
            "EndpointStatus": "InService",
            "CreationTime": now,
            "LastModifiedTime": now,
        }

    def close(self) -> None:
        """Nothing to end."""


class AnyoneMay:
    """No policies."""

    def authorise(self, _call: Any, _caller: Caller) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True)
class Misbehaving:
    """The gateway, who may call it, and what it is to do wrong."""

    clients: Clients
    faults: Faults
    sagemaker: SageMaker
    record: Path
    log: Path

    def role(self, name: str, service: str) -> Any:
        """A client that acts as a role."""
        arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        return self.clients.role(arn, service, session="run-1", by="states.amazonaws.com")


@pytest.fixture
def misbehaving(tmp_path: Path) -> Iterator[Misbehaving]:
    callers, service = Callers(account=ACCOUNT), SageMaker()
    faults = Faults(region=REGION, log=tmp_path / "faults.jsonl")
    with ExitStack() as stack:
        record = stack.enter_context(closing(Record(tmp_path / "calls.jsonl")))
        gateway = Gateway(
            callers=callers,
            services={"sagemaker": service},
            record=record,
            control=lambda _request: Response("control"),
            overlays={},
            access=AnyoneMay(),
            faults=faults,
        )
        server = stack.enter_context(closing(Server(gateway, port=0)))
        stack.callback(faults.close)
        clients = Clients(
            url=f"http://localhost:{server.port}",
            account=ACCOUNT,
            region=REGION,
            operator=callers.operator,
            issue=callers.issue,
        )
        yield Misbehaving(clients, faults, service, record.path, tmp_path / "faults.jsonl")
