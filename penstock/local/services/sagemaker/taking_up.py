"""Endpoints that come back with their cloud."""

import contextlib
from collections.abc import Callable
from functools import partial

from penstock.errors import CloudError
from penstock.local.services.sagemaker.deployments import Deployments
from penstock.local.services.sagemaker.endpoint import Endpoint
from penstock.local.services.sagemaker.rollout import Rollout, rollout

SETTLED = frozenset({"InService", "OutOfService", "UpdateRollbackFailed", "Failed"})


def take_up(endpoint: Endpoint, deployments: Deployments, forget: Callable[[Endpoint], None]) -> None:
    """Go on where the cloud ended: what served is started again, and then an update that was under way is made.

    The caller holds the service's lock; the instances are started in the background.
    """
    former, reason = endpoint.status, endpoint.reason
    if former == "Deleting":
        forget(endpoint)
    elif former not in {"Failed", "OutOfService"}:
        endpoint.enter("SystemUpdating", reason)
        start = partial(_start, endpoint, deployments, former if former in SETTLED else "InService", reason)
        endpoint.context.threads.start(f"restore endpoint {endpoint.name}", start)


def _start(endpoint: Endpoint, deployments: Deployments, status: str, reason: str) -> None:
    context, following = endpoint.context, endpoint.next_plan
    plans = [endpoint.plan, *([following] if following is not None else [])]
    for model in [model for plan in plans for model in plan.models.values()]:
        with contextlib.suppress(CloudError):  # without its program, the endpoint fails and says so
            context.programs.publish(model.image)
    deployments.start(endpoint, "Updating" if following is not None else status, reason)
    with context.lock:
        serving = endpoint.fleet is not None
    if following is not None and serving:
        # The same configuration again: only weights and counts were to change.
        changed = following.config != endpoint.plan.config
        moves = rollout(endpoint.deployment, following.counts.values()) if changed else Rollout()
        deployments.update(endpoint, following, moves)
