"""The services of a cloud, and what each of them needs of the others."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from penstock.local.access import Access
from penstock.local.access.sessions import Sessions
from penstock.local.access.simulation import Simulation
from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.faults import Faults
from penstock.local.gateway.overlay import Overlay, Overlays
from penstock.local.programs.images import Programs
from penstock.local.service import Service
from penstock.local.services.autoscaling import AutoScaling
from penstock.local.services.cloudwatch import CloudWatch, Metrics
from penstock.local.services.events import EventBridge, Events
from penstock.local.services.functions.service import Lambda
from penstock.local.services.log_groups import LogGroups
from penstock.local.services.s3 import Checksums, Notifications
from penstock.local.services.sagemaker import SageMaker
from penstock.local.services.sagemaker_runtime import SageMakerRuntime
from penstock.local.services.sns import Topics
from penstock.local.services.sqs import Queues
from penstock.local.services.stepfunctions import StepFunctions
from penstock.local.store import Store

# How long a program may take until it answers /ping, where its endpoint config does not say: AWS waits for minutes.
_STARTUP_SECONDS = 60


@dataclass(frozen=True)
class Ground:
    """What the services stand on; their files are in folders of `work`."""

    clients: Clients
    programs: Programs
    access: Access
    faults: Faults
    metrics: Metrics
    clock: Clock
    store: Store
    work: Path


def lay(
    ground: Ground, stack: contextlib.ExitStack, services: dict[str, Service], overlays: dict[str, Overlay]
) -> Events:
    """Fill in our services and the overlays of moto's, by name; leaving `stack` ends them, the last one made first."""
    clients, clock, metrics = ground.clients, ground.clock, ground.metrics
    events = Events(clients=clients, clock=clock, metrics=metrics)
    topics = Topics(clients=clients, clock=clock, metrics=metrics, mail=ground.work / "mail")
    queues = Queues(clients=clients, clock=clock, metrics=metrics)
    notifications = Notifications(clients=clients, clock=clock, events=events)
    overlays |= {
        "events": EventBridge(events),
        "iam": Simulation(ground.access),
        "logs": LogGroups(clients),
        "s3": Overlays(overlays["s3"], notifications, Checksums(clients)),
        "sns": topics,
        "sqs": queues,
        "sts": Sessions(),
    }
    for part in _parts(ground, events, topics, queues, notifications):
        stack.enter_context(contextlib.closing(part))
        if hasattr(part, "name"):
            services[part.name] = part
    return events


def _parts(
    ground: Ground, events: Events, topics: Topics, queues: Queues, notifications: Notifications
) -> Iterator[Any]:
    """Yield all that is to be closed, each once it is made."""
    yield from _sagemaker(ground, events)
    yield topics  # functions report to them until they have ended
    yield _functions(ground)
    yield from (queues, events, notifications)
    yield CloudWatch(
        clients=ground.clients, metrics=ground.metrics, events=events, store=ground.store, clock=ground.clock
    )
    yield AutoScaling(clients=ground.clients, store=ground.store, clock=ground.clock)
    yield _workflows(ground, events)


def _sagemaker(ground: Ground, events: Events) -> Iterator[SageMaker | SageMakerRuntime]:
    sagemaker = SageMaker(
        clients=ground.clients,
        programs=ground.programs,
        work=ground.work / "sagemaker",
        access=ground.access,
        faults=ground.faults,
        metrics=ground.metrics,
        events=events,
        store=ground.store,
        clock=ground.clock,
        startup_seconds=_STARTUP_SECONDS,
    )
    yield sagemaker
    yield SageMakerRuntime(sagemaker=sagemaker, metrics=ground.metrics)


def _functions(ground: Ground) -> Lambda:
    return Lambda(
        clients=ground.clients,
        work=ground.work / "lambda",
        faults=ground.faults,
        metrics=ground.metrics,
        clock=ground.clock,
        store=ground.store,
    )


def _workflows(ground: Ground, events: Events) -> StepFunctions:
    return StepFunctions(
        clients=ground.clients,
        events=events,
        access=ground.access,
        metrics=ground.metrics,
        store=ground.store,
        clock=ground.clock,
    )
