"""The lives of endpoints: created, updated blue/green, scaled, deleted; each change in a thread of its own.

An update starts the new fleet beside the old one, moves the traffic as its rollout says when every instance is healthy,
lets the requests under way end, and then stops the old fleet. If the new fleet does not become healthy, or an alarm
goes off meanwhile, it is removed, and the old one serves everything again.
https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green.html
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping

from penstock.local.faults import EndpointFault
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.endpoint import Endpoint
from penstock.local.services.sagemaker.fleet import Fleet
from penstock.local.services.sagemaker.instance import DeploymentError
from penstock.local.services.sagemaker.launch import launch
from penstock.local.services.sagemaker.plan import Plan
from penstock.local.services.sagemaker.rollout import Rollout
from penstock.local.services.sagemaker.scaling import scale
from penstock.local.services.sagemaker.shift import Shift
from penstock.local.services.sagemaker.stopping import STOP_SECONDS, stop_all

_CLOSE_SECONDS = 1
_DRAIN_SECONDS = 70  # a request takes 60 seconds at most
_ROLLED_BACK = frozenset({"RollingBack", "UpdateRollbackFailed"})
_LOGGER = logging.getLogger(__name__)


class Deployments:
    """Carries out what CreateEndpoint, UpdateEndpoint and DeleteEndpoint began."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._fleets: set[Fleet] = set()
        self._closing = threading.Event()

    def create(self, endpoint: Endpoint) -> None:
        """Bring a new endpoint up: InService, or Failed."""
        fault = self._context.faults.endpoint(endpoint.name, "create")
        if fault is not None:
            self._pause(fault)
            self._enter(endpoint, fault.status, fault.reason)
        else:
            self.start(endpoint, "InService")

    def start(self, endpoint: Endpoint, status: str, reason: str = "") -> None:
        """Start what an endpoint is to serve, and enter a status for a reason; without it the endpoint is Failed."""
        failed, fleet = self._healthy(endpoint, endpoint.plan)
        if failed:
            self._stop(fleet)
        with self._context.lock:
            endpoint.fleet = None if failed else fleet
            endpoint.next_plan = None if failed else endpoint.next_plan
            self._enter(endpoint, "Failed" if failed else status, failed or reason)

    def update(self, endpoint: Endpoint, plan: Plan, rollout: Rollout) -> None:
        """Move an endpoint to another plan, or leave it as it is: InService either way."""
        fault = self._context.faults.endpoint(endpoint.name, "update")
        if fault is not None:
            self._fail_update(endpoint, plan, fault)
            return
        shift = Shift(self._context, endpoint, rollout, self._closing)
        reason, fleet = shift.alarm(), None
        if not reason:
            reason, fleet = self._healthy(endpoint, plan, rollout.timeout_seconds - rollout.waits)
        if not reason and fleet is not None and endpoint.fleet is not None:
            reason = shift.move_to(fleet)
        with self._context.lock:
            # From here on every request is lent an instance of the one fleet: lending holds the same lock.
            endpoint.share_with(None, 0)
            if reason:
                self._enter(endpoint, "RollingBack", reason)
                unwanted = fleet
            else:
                endpoint.fleet, unwanted = fleet, endpoint.fleet
                endpoint.enter_stage("Deleting")
        self._stop(unwanted)
        self._settle(endpoint, endpoint.plan if reason else plan, reason)

    def scale(self, endpoint: Endpoint, fleet: Fleet, plan: Plan) -> None:
        """Change the weights and the instance counts of what an endpoint serves, or leave them as they are."""
        fault = self._context.faults.endpoint(endpoint.name, "update")
        if fault is not None:
            self._fail_update(endpoint, plan, fault)
            return
        reason = _scaled(endpoint, fleet, plan.counts)
        if reason:
            self._enter(endpoint, "RollingBack", reason)
        else:
            with self._context.lock:
                for variant, planned in zip(fleet.variants, plan.variants, strict=True):
                    variant.weight = planned["InitialVariantWeight"]
        self._settle(endpoint, endpoint.plan if reason else plan, reason)

    def delete(self, fleet: Fleet | None, done: Callable[[], None]) -> None:
        """Take down what an endpoint had; it gets no more requests."""
        self._stop(fleet)
        done()

    def close(self) -> None:
        """End every instance, of whatever endpoint in whatever status."""
        with self._context.lock:
            self._closing.set()
            fleets = list(self._fleets)
        stop_all(fleets, _CLOSE_SECONDS)

    def _enter(self, endpoint: Endpoint, status: str, reason: str = "") -> None:
        """Go on to a status; when the cloud ends, an endpoint stays in the one that it had."""
        with self._context.lock:
            if not self._closing.is_set():
                endpoint.enter(status, reason)

    def _settle(self, endpoint: Endpoint, plan: Plan, reason: str) -> None:
        """End an update, or a rollback for a reason."""
        with self._context.lock:
            endpoint.plan = plan
            endpoint.next_plan = None
            endpoint.stage = {}
            self._enter(endpoint, "InService", reason)

    def _fail_update(self, endpoint: Endpoint, plan: Plan, fault: EndpointFault) -> None:
        """Let an update end as it was planned to."""
        if fault.status in _ROLLED_BACK:
            self._enter(endpoint, "RollingBack", fault.reason)
        self._pause(fault)
        with self._context.lock:
            unwanted = None
            if fault.status == "OutOfService":
                endpoint.plan, endpoint.fleet, unwanted = plan, None, endpoint.fleet
            endpoint.next_plan = None
            endpoint.stage = {}
            self._enter(endpoint, "InService" if fault.status == "RollingBack" else fault.status, fault.reason)
        self._stop(unwanted)

    def _pause(self, fault: EndpointFault) -> None:
        self._context.clock.wait(fault.seconds, self._closing)

    def _healthy(self, endpoint: Endpoint, plan: Plan, most: float = float("inf")) -> tuple[str, Fleet | None]:
        """Start a fleet and wait for it; return why it failed, or nothing, and the fleet as far as there is one."""
        began = time.monotonic()
        try:
            fleet = launch(self._context, endpoint.name, endpoint.arn, plan)
        except DeploymentError as failure:
            return str(failure), None
        except Exception as error:
            _LOGGER.exception("endpoint %s", endpoint.name)
            return f"Request to service failed: {error!r}", None
        with self._context.lock:
            self._fleets.add(fleet)
            closing = self._closing.is_set()
        failed = plan.variants[0]["VariantName"] if closing else fleet.wait(most)
        if failed is None:
            return "", fleet
        if time.monotonic() - began >= most:
            return "The deployment exceeded its maximum execution timeout.", fleet
        return _not_healthy(failed), fleet

    def _stop(self, fleet: Fleet | None) -> None:
        """Stop a fleet that gets no more requests, once those under way have ended."""
        if fleet is not None:
            fleet.drain(_DRAIN_SECONDS)
            fleet.stop(STOP_SECONDS)
            with self._context.lock:
                self._fleets.discard(fleet)


def _scaled(endpoint: Endpoint, fleet: Fleet, counts: Mapping[str, int]) -> str:
    """Bring a fleet to other numbers of instances; return why it is as it was, or nothing."""
    try:
        failed = scale(fleet, counts)
    except DeploymentError as failure:
        return str(failure)
    except Exception as error:
        _LOGGER.exception("endpoint %s", endpoint.name)
        return f"Request to service failed: {error!r}"
    return _not_healthy(failed) if failed is not None else ""


def _not_healthy(variant: str) -> str:
    return (
        f"The primary container for production variant {variant} did not pass the ping health check. Please check"
        " CloudWatch logs for this endpoint."
    )
