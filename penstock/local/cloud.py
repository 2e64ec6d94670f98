"""The local cloud as a whole: what it is made of, in the order in which it starts and stops."""

import contextlib
import logging
import os
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from moto.moto_api._internal.models import moto_api_backend

from penstock.local.clients import Clients
from penstock.local.control import Control
from penstock.local.deploy.deployer import DeployedStack, Deployer
from penstock.local.gateway.app import Gateway
from penstock.local.gateway.callers import Callers
from penstock.local.gateway.record import Record
from penstock.local.gateway.server import Server
from penstock.local.programs.images import Programs
from penstock.local.service import JsonObject, Service
from penstock.local.services.events import Events
from penstock.local.services.functions.service import Lambda
from penstock.local.services.sagemaker import SageMaker
from penstock.local.services.sagemaker_runtime import SageMakerRuntime
from penstock.local.services.stepfunctions import StepFunctions
from penstock.local.work import work_folder

# Waiting is the one thing that a laptop does faster: seconds between looks at an endpoint.
_PARAMETERS = {"PollSeconds": "1"}
# How long a program may take until it answers /ping, where its endpoint config does not say: AWS waits for minutes.
_STARTUP_SECONDS = 60
_IMAGE = re.compile(r"\d{12}\.dkr\.ecr\.[\w.-]+/[\w./-]+:[\w.-]+")


class Cloud:
    """A cloud on one port of this machine, in this process; what it keeps is in `work`, under .penstock/.

    Use it in a `with` statement: leaving it ends every program that it started.
    """

    def __init__(self, root: Path, *, port: int = 0, account: str, region: str) -> None:
        """Start; port 0 takes a free one. This process then belongs to the cloud: moto keeps its state in it.

        Raises:
            CloudError: the port is taken.
        """
        self.root = root
        self._closing = contextlib.ExitStack()
        _isolate()
        moto_api_backend.reset()
        callers = Callers(account=account)
        self.operator = callers.operator
        services: dict[str, Service] = {}
        control = Control(key=callers.operator.access_key, describe=self.describe, deploy=self.deploy)
        with contextlib.ExitStack() as stack:
            self.work = stack.enter_context(work_folder(root / ".penstock" / "clouds"))
            stack.enter_context(_errors_logged(self.work / "errors.log"))
            record = stack.enter_context(contextlib.closing(Record(self.work / "calls.jsonl")))
            gateway = Gateway(callers=callers, services=services, record=record, control=control)
            server = stack.enter_context(contextlib.closing(Server(gateway, port=port)))
            self.clients = Clients(
                url=f"http://localhost:{server.port}",
                account=account,
                region=region,
                operator=callers.operator,
            )
            self._programs = Programs(clients=self.clients, containers=root / "containers", cache=root / ".penstock")
            for service in self._services(stack):
                stack.enter_context(contextlib.closing(service))
                services[service.name] = service
            self._deployer = Deployer(clients=self.clients)
            self._closing = stack.pop_all()

    def _services(self, stack: contextlib.ExitStack) -> Iterator[Service]:
        sagemaker = SageMaker(
            clients=self.clients,
            programs=self._programs,
            work=self.work / "sagemaker",
            startup_seconds=_STARTUP_SECONDS,
        )
        yield sagemaker
        yield SageMakerRuntime(sagemaker=sagemaker)
        yield Lambda(clients=self.clients, work=self.work / "lambda")
        events = Events(clients=self.clients)
        stack.enter_context(contextlib.closing(events))
        yield StepFunctions(clients=self.clients, events=events)

    def describe(self) -> JsonObject:
        """Return where this cloud lives."""
        clients = self.clients
        return {
            "root": str(self.root),
            "work": str(self.work),
            "account": clients.account,
            "region": clients.region,
        }

    def deploy(self, assembly: Path, stage: str) -> JsonObject:
        """Deploy a stage of an assembly, and build the images that its state machines name.

        Raises:
            DeployError: a template cannot be deployed; what was there before is there still.
        """
        started = time.perf_counter()
        stacks = self._deployer.deploy(assembly, stage, _PARAMETERS)
        deployed = time.perf_counter() - started
        for uri in _images(stacks):
            self._programs.publish(uri)
        return {
            "resources": sum(len(stack.resources) for stack in stacks),
            "outputs": {stack.name: dict(stack.outputs) for stack in stacks},
            "seconds": round(deployed, 2),
            "image_seconds": round(time.perf_counter() - started - deployed, 2),
        }

    def close(self) -> None:
        """End everything that this cloud started, and stop listening."""
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextlib.contextmanager
def _errors_logged(path: Path) -> Iterator[None]:
    """Write what goes wrong inside the cloud to a file, and not over the lines of a run."""
    handler = logging.FileHandler(path, delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


def _isolate() -> None:
    """Leave out what the user's shell says about AWS: moto makes clients of its own, which would read it."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        os.environ.pop(name, None)
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


def _images(stacks: Iterable[DeployedStack]) -> Sequence[str]:
    """Return the images that the stacks' state machines start containers from."""
    texts = [
        repr(resource.handle.properties)
        for stack in stacks
        for resource in stack.resources.values()
        if resource.type == "AWS::StepFunctions::StateMachine"
    ]
    return sorted({uri for text in texts for uri in _IMAGE.findall(text)})
