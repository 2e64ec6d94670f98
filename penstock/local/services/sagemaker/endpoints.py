"""The operations on endpoints."""

import contextlib
from functools import partial

from penstock.errors import CloudError
from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.deployments import Deployments
from penstock.local.services.sagemaker.endpoint import Endpoint
from penstock.local.services.sagemaker.endpoint_configs import EndpointConfigs
from penstock.local.services.sagemaker.fleet import Fleet, Variant
from penstock.local.services.sagemaker.instance import Instance
from penstock.local.services.sagemaker.launch import PROPERTIES, Plan, retaining
from penstock.local.services.sagemaker.listing import Kind, page
from penstock.local.services.sagemaker.models import Models
from penstock.local.services.sagemaker.served import ANY, check
from penstock.local.services.sagemaker.shelf import Shelf

_LISTED = Kind(key="Endpoints", name="EndpointName", status="EndpointStatus")
_SETTLED = frozenset({"InService", "OutOfService", "UpdateRollbackFailed", "Failed"})
# No alarm is evaluated, so that the old fleet is not kept for one: TerminationWaitInSeconds has no effect.
_DEPLOYMENT = {
    "BlueGreenUpdatePolicy": {
        "TrafficRoutingConfiguration": {"Type": ("ALL_AT_ONCE",), "WaitIntervalInSeconds": ANY},
        "TerminationWaitInSeconds": ANY,
        "MaximumExecutionTimeoutInSeconds": ANY,
    },
    "AutoRollbackConfiguration": ANY,
}
_CAPACITY = {
    "EndpointName": ANY,
    "DesiredWeightsAndCapacities": [{"VariantName": ANY, "DesiredWeight": ANY, "DesiredInstanceCount": ANY}],
}


class Endpoints:
    """The endpoints of this cloud."""

    def __init__(self, context: Context, models: Models, configs: EndpointConfigs) -> None:
        self._context = context
        self._models = models
        self._configs = configs
        self._deployments = Deployments(context)
        self._shelf: Shelf[Endpoint] = Shelf(context, "endpoint", "endpoint")

    def create(self, request: JsonObject) -> JsonObject:
        """Serve CreateEndpoint; the answer comes before the endpoint is up."""
        check(request.get("DeploymentConfig", {}), _DEPLOYMENT)
        name = request["EndpointName"]
        self._shelf.check_free(name)
        plan = self._plan(request["EndpointConfigName"])
        now = self._context.clock.now()
        endpoint = Endpoint(self._context, name, self._shelf.arn(name), plan, now, now, self._shelf.keep)
        endpoint.deployment = request.get("DeploymentConfig", {})
        with self._context.lock:
            self._shelf.add(name, endpoint)
            self._context.tags.begin(endpoint.arn, request.get("Tags", []))
            endpoint.enter("Creating")
        self._context.threads.start(f"create endpoint {name}", lambda: self._deployments.create(endpoint))
        return {"EndpointArn": endpoint.arn}

    def update(self, request: JsonObject) -> JsonObject:
        """Serve UpdateEndpoint; the answer comes before anything has changed."""
        check(request.get("DeploymentConfig", {}), _DEPLOYMENT)
        plan = self._plan(request["EndpointConfigName"])
        with self._context.lock:
            endpoint = self._updatable(request["EndpointName"])
            if not request.get("RetainDeploymentConfig", False):
                endpoint.deployment = request.get("DeploymentConfig", {})
            plan = plan.with_variants(retaining(plan.variants, endpoint.fleet, request))
            return self._begin_update(endpoint, plan)

    def update_capacities(self, request: JsonObject) -> JsonObject:
        """Serve UpdateEndpointWeightsAndCapacities: the variants that serve, with other weights or instance counts."""
        check(request, _CAPACITY)
        desired = {item["VariantName"]: item for item in request["DesiredWeightsAndCapacities"]}
        with self._context.lock:
            endpoint = self._updatable(request["EndpointName"])
            names = {variant["VariantName"] for variant in endpoint.plan.variants}
            unknown = sorted(desired.keys() - names)
            if unknown:
                raise AwsError(
                    "ValidationException",
                    f'The variant name(s) "{", ".join(unknown)}" is/are not present within'
                    f' endpoint configuration "{endpoint.plan.config.name}".',
                )
            variants = [
                variant
                | {
                    PROPERTIES[member]: value
                    for member, value in desired.get(variant["VariantName"], {}).items()
                    if member in PROPERTIES
                }
                for variant in endpoint.plan.variants
            ]
            return self._begin_update(endpoint, endpoint.plan.with_variants(variants))

    def delete(self, request: JsonObject) -> JsonObject:
        """Serve DeleteEndpoint: requests under way end, new ones find no endpoint."""
        with self._context.lock:
            endpoint = self._settled(request["EndpointName"])
            endpoint.enter("Deleting")
            fleet, endpoint.fleet = endpoint.fleet, None
        forget = partial(self._forget, endpoint)
        self._context.threads.start(f"delete endpoint {endpoint.name}", lambda: self._deployments.delete(fleet, forget))
        return {}

    def describe(self, request: JsonObject) -> JsonObject:
        """Serve DescribeEndpoint."""
        with self._context.lock:
            endpoint = self._shelf.get(request["EndpointName"])
            return endpoint.describe() | {"EndpointStatus": self._status(endpoint)}

    def list(self, request: JsonObject) -> JsonObject:
        """Serve ListEndpoints."""
        with self._context.lock:
            summaries = [
                endpoint.summary() | {"EndpointStatus": self._status(endpoint)} for endpoint in self._shelf.all()
            ]
        return page(_LISTED, summaries, request)

    def lend(self, name: str, target: str | None) -> tuple[Endpoint, Fleet, Variant, Instance]:
        """Lend an instance for one request; `Fleet.give_back` ends it.

        Raises:
            AwsError: ValidationError, there is no such endpoint or variant; ServiceUnavailable, none is healthy.
        """
        with self._context.lock:
            endpoint = next((endpoint for endpoint in self._shelf.all() if endpoint.name == name), None)
            if endpoint is None or endpoint.fleet is None:
                account = self._context.clients.account
                raise AwsError("ValidationError", f"Endpoint {name} of account {account} not found.")
            return endpoint, endpoint.fleet, *endpoint.fleet.lend(target)

    def restore(self) -> None:
        """Take up the endpoints that the store has kept: what served is started again, in the background."""
        with self._context.lock:
            self._shelf.restore(self._restored)
            for endpoint in self._shelf.all():
                self._take_up(endpoint)

    def close(self) -> None:
        """End every instance."""
        self._deployments.close()

    def _plan(self, config_name: str) -> Plan:
        config = self._configs.find(config_name)
        models = {variant["VariantName"]: self._models.find(variant["ModelName"]) for variant in config.variants}
        return Plan(config, models, config.variants)

    def _begin_update(self, endpoint: Endpoint, plan: Plan) -> JsonObject:
        endpoint.next_plan = plan
        endpoint.enter("Updating")
        self._context.threads.start(
            f"update endpoint {endpoint.name}", lambda: self._deployments.update(endpoint, plan)
        )
        return {"EndpointArn": endpoint.arn}

    def _forget(self, endpoint: Endpoint) -> None:
        self._shelf.remove(endpoint.name)
        self._context.tags.end(endpoint.arn)

    def _restored(self, record: JsonObject) -> Endpoint:
        name = record["name"]
        known = {**record, "plan": Plan.of(record["plan"])}
        if record.get("next_plan") is not None:
            known["next_plan"] = Plan.of(record["next_plan"])
        return Endpoint(self._context, arn=self._shelf.arn(name), keep=self._shelf.keep, **known)

    def _take_up(self, endpoint: Endpoint) -> None:
        """Go on where the cloud ended: what served is started again, and then an update that was under way is made."""
        former, reason = endpoint.status, endpoint.reason
        if former == "Deleting":
            self._forget(endpoint)
        elif former not in {"Failed", "OutOfService"}:
            endpoint.enter("SystemUpdating", reason)
            status = former if former in _SETTLED else "InService"
            start = partial(self._start, endpoint, status, reason)
            self._context.threads.start(f"restore endpoint {endpoint.name}", start)

    def _start(self, endpoint: Endpoint, status: str, reason: str) -> None:
        following = endpoint.next_plan
        plans = [endpoint.plan, *([following] if following is not None else [])]
        for model in [model for plan in plans for model in plan.models.values()]:
            with contextlib.suppress(CloudError):  # without its program, the endpoint fails and says so
                self._context.programs.publish(model.image)
        self._deployments.start(endpoint, "Updating" if following is not None else status, reason)
        with self._context.lock:
            serving = endpoint.fleet is not None
        if following is not None and serving:
            self._deployments.update(endpoint, following)

    def _updatable(self, name: str) -> Endpoint:
        endpoint = self._settled(name)
        if self._status(endpoint) == "Failed":
            raise AwsError(
                "ValidationException", f'Cannot update endpoint "{endpoint.arn}" in status Failed: delete it.'
            )
        return endpoint

    def _status(self, endpoint: Endpoint) -> str:
        """Return the status of an endpoint, or the one that it was planned to show."""
        return self._context.faults.status(endpoint.name) or endpoint.status

    def _settled(self, name: str) -> Endpoint:
        endpoint = self._shelf.get(name)
        if self._status(endpoint) not in _SETTLED:
            raise AwsError("ValidationException", f'Cannot update in-progress endpoint "{endpoint.arn}".')
        return endpoint
