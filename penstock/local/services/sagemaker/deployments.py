"""The lives of endpoints: created, updated blue/green, deleted; each change in a thread of its own.

An update starts the new fleet beside the old one, moves all traffic at once when every instance is healthy, lets the
requests under way end, and then stops the old fleet. If the new fleet does not become healthy it is removed, and the
old one has served all the while.
https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-all-at-once.html
"""

import logging
import threading
from collections.abc import Callable

from penstock.local.faults import EndpointFault
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.endpoint import Endpoint
from penstock.local.services.sagemaker.fleet import Fleet
from penstock.local.services.sagemaker.instance import DeploymentError
from penstock.local.services.sagemaker.launch import Plan, launch

_STOP_SECONDS = 30  # what AWS gives a container between SIGTERM and SIGKILL
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

    def update(self, endpoint: Endpoint, plan: Plan) -> None:
        """Move an endpoint to another plan, or leave it as it is: InService either way."""
        fault = self._context.faults.endpoint(endpoint.name, "update")
        if fault is not None:
            self._fail_update(endpoint, plan, fault)
            return
        reason, fleet = self._healthy(endpoint, plan)
        with self._context.lock:
            if reason:
                self._enter(endpoint, "RollingBack", reason)
                unwanted = fleet
            else:
                # From here on every request is lent an instance of the new fleet: lending holds the same lock.
                endpoint.fleet, unwanted = fleet, endpoint.fleet
        self._stop(unwanted)
        with self._context.lock:
            endpoint.plan = endpoint.plan if reason else plan
            endpoint.next_plan = None
            self._enter(endpoint, "InService", reason)

    def delete(self, fleet: Fleet | None, done: Callable[[], None]) -> None:
        """Take down what an endpoint had; it gets no more requests."""
        self._stop(fleet)
        done()

    def close(self) -> None:
        """End every instance, of whatever endpoint in whatever status."""
        with self._context.lock:
            self._closing.set()
            fleets = list(self._fleets)
        stopping = [threading.Thread(target=fleet.stop, args=(_CLOSE_SECONDS,)) for fleet in fleets]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()

    def _enter(self, endpoint: Endpoint, status: str, reason: str = "") -> None:
        """Go on to a status; when the cloud ends, an endpoint stays in the one that it had."""
        with self._context.lock:
            if not self._closing.is_set():
                endpoint.enter(status, reason)

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
            self._enter(endpoint, "InService" if fault.status == "RollingBack" else fault.status, fault.reason)
        self._stop(unwanted)

    def _pause(self, fault: EndpointFault) -> None:
        self._context.clock.wait(fault.seconds, self._closing)

    def _healthy(self, endpoint: Endpoint, plan: Plan) -> tuple[str, Fleet | None]:
        """Start a fleet and wait for it; return why it failed, or nothing, and the fleet as far as there is one."""
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
        failed = plan.variants[0]["VariantName"] if closing else fleet.wait()
        if failed is None:
            return "", fleet
        return (
            f"The primary container for production variant {failed} did not pass the ping health check. Please check"
            " CloudWatch logs for this endpoint."
        ), fleet

    def _stop(self, fleet: Fleet | None) -> None:
        """Stop a fleet that gets no more requests, once those under way have ended."""
        if fleet is not None:
            fleet.drain(_DRAIN_SECONDS)
            fleet.stop(_STOP_SECONDS)
            with self._context.lock:
                self._fleets.discard(fleet)
