import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Response

from penstock.local.access import Access
from penstock.local.clients import Clients, Credentials
from penstock.local.deploy.deployer import Deployer
from penstock.local.deploy.stacks import DeployedStack
from penstock.local.faults import Faults
from penstock.local.gateway.app import Gateway
from penstock.local.gateway.bucket_policies import BucketPolicies
from penstock.local.gateway.callers import Callers
from penstock.local.gateway.record import Record
from penstock.local.gateway.server import Server
from penstock.local.service import AwsError, Caller, JsonObject
from penstock.local.store import Store
from untraced import untraced

ACCOUNT = "123456789012"


class Echo:
    """SageMaker as far as the gateway's tests need it: what it was asked, and by whom."""

    name = "sagemaker"

    def __init__(self) -> None:
        self.calls: list[tuple[str, JsonObject, Caller]] = []

    def call(self, operation: str, request: JsonObject, caller: Caller) -> JsonObject:
        self.calls.append((operation, request, caller))
        if operation == "DeleteEndpoint":
            raise AwsError("ValidationException", "Could not find endpoint.")
        if operation == "DeleteModel":
            raise ZeroDivisionError
        return {"ModelArn": "arn:aws:sagemaker:us-east-1:123456789012:model/m"} if operation == "CreateModel" else {}

    def close(self) -> None:
        """Nothing to end."""


@dataclass(frozen=True)
class Running:
    """A gateway that listens, and who may call it."""

    clients: Clients
    operator: Credentials
    echo: Echo
    record: Path


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("gateway")
    callers, echo, record = Callers(account=ACCOUNT), Echo(), Record(folder / "calls.jsonl")
    buckets, services = BucketPolicies(), {"sagemaker": echo}
    gateway = Gateway(
        callers=callers,
        services=services,
        record=record,
        control=lambda _request: Response("control"),
        overlays={"s3": buckets},
        access=Access(buckets=buckets, services=services, record=record),
        faults=Faults(),
    )
    server = Server(gateway, port=0)
    yield Running(
        Clients(
            url=f"http://localhost:{server.port}",
            account=ACCOUNT,
            region="us-east-1",
            operator=callers.operator,
            issue=callers.issue,
        ),
        callers.operator,
        echo,
        record.path,
    )
    server.close()
    record.close()


@pytest.fixture(scope="session")
def moto() -> Iterator[Clients]:
    """moto alone, without the gateway: for what calls AWS only."""
    server = Server(untraced(DomainDispatcherApplication(create_backend_app).__call__), port=0)
    url = f"http://localhost:{server.port}"
    yield Clients(url=url, account=ACCOUNT, region="us-east-1", operator=Credentials("operator", "secret"))
    server.close()


class Account:
    """An empty account to deploy into; `calls` are those of the operator, as `service:Operation`."""

    def __init__(self, clients: Clients, folder: Path) -> None:
        self.clients = clients
        self.calls: list[str] = []
        self.deployer = Deployer(clients=clients, store=Store())
        self.assembly = folder / "cdk.out"
        self._stacks: dict[str, JsonObject] = {}

    @property
    def mutations(self) -> list[str]:
        """The calls that change something."""
        reads = ("Describe", "Get", "Head", "List")
        return [call for call in self.calls if not call.split(":")[1].startswith(reads)]

    def client(self, service: str) -> Any:
        return self.clients.operator(service)

    def deploy(
        self,
        resources: JsonObject,
        *,
        stack: str = "dev-app",
        parameters: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
        **sections: Any,
    ) -> DeployedStack:
        """Write an assembly of the stacks so far, this one changed, and deploy it; return this stack."""
        self.add(stack, resources, **sections)
        self.write(tags or {})
        self.calls.clear()
        deployed = self.deployer.deploy(self.assembly, "dev", parameters or {})
        return next(entry for entry in deployed if entry.name == stack)

    def add(self, stack: str, resources: JsonObject, **sections: Any) -> None:
        """Add a stack to those of the assembly, or change it."""
        self._stacks[stack] = {"Resources": resources, **sections}

    def write(self, tags: Mapping[str, str]) -> Path:
        """Write an assembly of the stacks so far."""
        write_assembly(self.assembly, self._stacks, tags)
        return self.assembly


def write_assembly(folder: Path, stacks: Mapping[str, JsonObject], tags: Mapping[str, str]) -> None:
    """Write what `cdk synth` writes for a stage `dev`, as far as a deployment reads it."""
    stage = folder / "assembly-dev"
    stage.mkdir(parents=True, exist_ok=True)
    properties = {"directoryName": stage.name, "displayName": "dev"}
    manifest = {"artifacts": {stage.name: {"type": "cdk:cloud-assembly", "properties": properties}}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    artefacts = {
        name: {
            "type": "aws:cloudformation:stack",
            "environment": "aws://unknown-account/unknown-region",
            "properties": {"templateFile": f"{name}.json", "stackName": name, "tags": dict(tags)},
            "displayName": name,
        }
        for name in stacks
    }
    (stage / "manifest.json").write_text(json.dumps({"artifacts": artefacts}))
    for name, template in stacks.items():
        (stage / f"{name}.json").write_text(json.dumps(template))


@pytest.fixture
def account(moto: Clients, tmp_path: Path) -> Iterator[Account]:
    moto_api_backend.reset()
    account = Account(moto, tmp_path)

    def note(model: Any, **_: Any) -> None:
        account.calls.append(f"{model.service_model.service_name}:{model.name}")

    services = (
        *("cloudwatch", "dynamodb", "ecr", "events", "iam", "kms", "lambda", "logs", "s3", "sagemaker", "sns", "sqs"),
        *("ssm", "stepfunctions"),
    )
    for service in services:
        moto.operator(service).meta.events.register("before-call", note)
    yield account
    for service in services:
        moto.operator(service).meta.events.unregister("before-call", note)


@pytest.fixture(scope="session")
def assembled() -> Callable[..., None]:
    """Write an assembly of templates."""
    return write_assembly
