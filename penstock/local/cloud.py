"""The local cloud as a whole: what it is made of, in the order in which it starts and stops."""

import contextlib
from pathlib import Path
from types import TracebackType
from typing import Self

from moto.moto_api._internal.models import moto_api_backend

from penstock.local.access import Access
from penstock.local.arns import partition
from penstock.local.clients import Clients
from penstock.local.clock import Clock, iso
from penstock.local.control import Control
from penstock.local.deploy.deployer import Deployer
from penstock.local.faults import Faults
from penstock.local.gateway.app import Gateway
from penstock.local.gateway.bucket_policies import BucketPolicies
from penstock.local.gateway.callers import Callers
from penstock.local.gateway.overlay import Overlay
from penstock.local.gateway.record import Record
from penstock.local.gateway.server import Server
from penstock.local.host import errors_logged, isolate
from penstock.local.programs.images import Programs
from penstock.local.replay import replay
from penstock.local.service import JsonObject, Service
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.functions import Lambda
from penstock.local.services.stepfunctions import StepFunctions
from penstock.local.stages import Stages
from penstock.local.state import lasting_state, passing_state
from penstock.local.wiring import Ground, lay

_PORT = 4566


class Cloud:
    """A cloud on one port of this machine, in this process; what it keeps is in `work`, under .penstock/.

    With a `state` folder it comes back with what it had when it ended, however that happened; without one it begins
    empty, and only its logs are kept.

    Use it in a `with` statement: leaving it ends every program that it started.
    """

    def __init__(
        self,
        root: Path,
        *,
        port: int | None = 0,
        account: str,
        region: str,
        speed: float = 1.0,
        state: Path | None = None,
        fresh: bool = False,
    ) -> None:
        """Start; this process then belongs to the cloud: moto keeps its state in it.

        `port` 0 takes a free one, and None the one of the last time.
        `speed` is how many seconds of the cloud pass in one of the machine: see Clock. `fresh` empties `state` first.

        Raises:
            CloudError: the port is taken, the speed is none, or the state is another cloud's or another version's.
        """
        self.root = root
        self._closing = contextlib.ExitStack()
        isolate()
        moto_api_backend.reset()
        services: dict[str, Service] = {}
        self.clock = Clock(speed)
        with contextlib.ExitStack() as stack:
            kept = stack.enter_context(
                lasting_state(state, account=account, region=region, clock=self.clock, fresh=fresh)
                if state
                else passing_state(root / ".penstock" / "clouds")
            )
            self.work, self.store, self.operator = kept.folder, kept.store, kept.operator
            for last in self.store.all("clock").values():
                self.clock.resume(last["time"])
            stack.enter_context(errors_logged(self.work / "errors.log"))
            self.metrics = Metrics(clock=self.clock, store=self.store)
            self.faults = Faults(clock=self.clock, region=region, log=self.work / "faults.jsonl")
            stack.callback(self.faults.close)
            callers = Callers(account=account, partition=partition(region), operator=kept.operator)
            buckets = BucketPolicies()
            overlays: dict[str, Overlay] = {"s3": buckets}
            record = stack.enter_context(contextlib.closing(Record(self.work / "calls.jsonl")))
            self.access = Access(region=region, buckets=buckets, services=services, record=record)
            gateway = Gateway(
                callers=callers,
                services=services,
                record=record,
                control=self._control(account),
                overlays=overlays,
                access=self.access,
                faults=self.faults,
                journal=kept.journal,
            )
            wanted = (kept.port or _PORT) if port is None else port
            server = stack.enter_context(contextlib.closing(Server(gateway, port=wanted)))
            kept.remember(server.port)
            self.clients = Clients(
                url=f"http://localhost:{server.port}",
                account=account,
                region=region,
                operator=callers.inner,
                issue=callers.issue,
            )
            programs = Programs(clients=self.clients, containers=root / "containers", cache=root / ".penstock")
            events = lay(self._ground(programs), stack, services, overlays)
            deployer = Deployer(clients=self.clients, store=self.store)
            self._stages = Stages(clients=self.clients, deployer=deployer, programs=programs)
            lost = replay(kept.journal, gateway.moto, services) if kept.journal else []
            told = {name: service.restore() for name, service in services.items() if hasattr(service, "restore")}
            self.cut_off: list[str] = told[StepFunctions.name]  # the ARNs of executions
            self.restored = [*lost, *told[Lambda.name], *deployer.restore()]  # lines to show
            gateway.open()
            events.start()
            self._closing = stack.pop_all()

    def _control(self, account: str) -> Control:
        """Return what answers the operator's own requests, which are no calls of AWS."""
        return Control(
            key=self.operator.secret_key,
            describe=self.describe,
            deploy=self.deploy,
            diff=self.diff,
            destroy=self.destroy,
            faults=self.faults.serve,
            permissions=lambda: {"roles": self.access.permissions(account)},
        )

    def _ground(self, programs: Programs) -> Ground:
        """Return what the services stand on."""
        return Ground(
            clients=self.clients,
            programs=programs,
            access=self.access,
            faults=self.faults,
            metrics=self.metrics,
            clock=self.clock,
            store=self.store,
            work=self.work,
        )

    def variables(self) -> dict[str, str]:
        """Return the environment variables with which unchanged AWS clients use this cloud as the operator."""
        return self.clients.environment() | self.operator.as_environment()

    def describe(self) -> JsonObject:
        """Return where this cloud lives, what time it is there, and how fast that passes."""
        clients = self.clients
        return {
            "root": str(self.root),
            "work": str(self.work),
            "account": clients.account,
            "region": clients.region,
            "now": iso(self.clock.now()),
            "speed": self.clock.speed,
        }

    def deploy(self, assembly: Path, stage: str) -> JsonObject:
        """Deploy a stage of an assembly: see Stages."""
        return self._stages.deploy(assembly, stage)

    def diff(self, assembly: Path, stage: str) -> JsonObject:
        """Return what `deploy` would change: see Stages."""
        return self._stages.diff(assembly, stage)

    def destroy(self, stage: str) -> JsonObject:
        """Remove the stacks of a stage: see Stages."""
        return self._stages.destroy(stage)

    def close(self) -> None:
        """End everything that this cloud started, and stop listening."""
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
