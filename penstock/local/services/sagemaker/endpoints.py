"""The operations on endpoints."""

from collections.abc import Callable
from functools import partial

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.deployments import Deployments
from penstock.local.services.sagemaker.endpoint import Endpoint
from penstock.local.services.sagemaker.endpoint_configs import EndpointConfigs
from penstock.local.services.sagemaker.listing import Kind, page
from penstock.local.services.sagemaker.loan import Lender
from penstock.local.services.sagemaker.models import Models
from penstock.local.services.sagemaker.plan import Plan
from penstock.local.services.sagemaker.rollout import Rollout, check_same_variants, rollout
from penstock.local.services.sagemaker.served import ANY, check
from penstock.local.services.sagemaker.shelf import Shelf
from penstock.local.services.sagemaker.shift import rollback_alarms
from penstock.local.services.sagemaker.taking_up import SETTLED, take_up

_LISTED = Kind(key="Endpoints", name="EndpointName", status="EndpointStatus")
_CAPACITY = {
    "EndpointName": ANY,
    "DesiredWeightsAndCapacities": [{"VariantName": ANY, "DesiredWeight": ANY, "DesiredInstanceCount": ANY}],
}


class Endpoints:
    """The endpoints of this cloud."""

    def __init__(self, context: Context, models: Models, configs: EndpointConfigs) -> None:
        self.context = context
        self._models = models
        self._configs = configs
        self._deployments = Deployments(context)
        self._shelf: Shelf[Endpoint] = Shelf(context, "endpoint", "endpoint")
        self.lender = Lender(context, self._shelf)

    def create(self, request: JsonObject) -> JsonObject:
        """Serve CreateEndpoint; the answer comes before the endpoint is up."""
        name, deployment = request["EndpointName"], request.get("DeploymentConfig", {})
        self._shelf.check_free(name)
        plan = Plan.made(request["EndpointConfigName"], self._configs, self._models)
        now = self.context.clock.now()
        endpoint = Endpoint(self.context, name, self._shelf.arn(name), plan, now, now, self._shelf.keep)
        endpoint.deployment = deployment
        rollout(deployment, plan.counts.values())
        with self.context.lock:
            self._shelf.add(name, endpoint)
            self.context.tags.begin(endpoint.arn, request.get("Tags", []))
            endpoint.enter("Creating")
        self.context.threads.start(f"create endpoint {name}", lambda: self._deployments.create(endpoint))
        return {"EndpointArn": endpoint.arn}

    def update(self, request: JsonObject) -> JsonObject:
        """Serve UpdateEndpoint; the answer comes before anything has changed."""
        plan = Plan.made(request["EndpointConfigName"], self._configs, self._models)
        with self.context.lock:
            endpoint = self._updatable(request["EndpointName"])
            retained = request.get("RetainDeploymentConfig", False)
            deployment = endpoint.deployment if retained else request.get("DeploymentConfig", {})
            if request.get("RetainAllVariantProperties", False):
                excluded = request.get("ExcludeRetainedVariantProperties", [])
                plan = plan.retaining(endpoint.plan, [one["VariantPropertyType"] for one in excluded])
            check_same_variants(deployment, endpoint.plan.names, plan.names)
            moves = rollout(deployment, plan.counts.values())
        rollback_alarms(self.context, endpoint, moves).check()
        with self.context.lock:
            self._updatable(endpoint.name)
            endpoint.deployment = deployment
            return self._begin(endpoint, plan, lambda: self._deployments.update(endpoint, plan, moves))

    def update_capacities(self, request: JsonObject) -> JsonObject:
        """Serve UpdateEndpointWeightsAndCapacities: the variants that serve, with other weights or instance counts."""
        check(request, _CAPACITY)
        desired = {item["VariantName"]: item for item in request["DesiredWeightsAndCapacities"]}
        with self.context.lock:
            endpoint = self._updatable(request["EndpointName"])
            names = {variant["VariantName"] for variant in endpoint.plan.variants}
            unknown = sorted(desired.keys() - names)
            if unknown:
                raise AwsError(
                    "ValidationException",
                    f'The variant name(s) "{", ".join(unknown)}" is/are not present within'
                    f' endpoint configuration "{endpoint.plan.config.name}".',
                )
            if endpoint.plan.config.serverless and any("DesiredInstanceCount" in one for one in desired.values()):
                raise AwsError("ValidationException", "DesiredInstanceCount is not supported for serverless variants.")
            if not endpoint.plan.config.asynchronous and 0 in [
                one.get("DesiredInstanceCount") for one in desired.values()
            ]:
                raise AwsError("ValidationException", "DesiredInstanceCount must be at least 1 for this endpoint.")
            return self._begin_scaling(endpoint, endpoint.plan.with_capacities(desired))

    def delete(self, request: JsonObject) -> JsonObject:
        """Serve DeleteEndpoint: requests under way end, new ones find no endpoint."""
        with self.context.lock:
            endpoint = self._settled(request["EndpointName"])
            endpoint.enter("Deleting")
            fleet, endpoint.fleet = endpoint.fleet, None
        forget = partial(self._forget, endpoint)
        self.context.threads.start(f"delete endpoint {endpoint.name}", lambda: self._deployments.delete(fleet, forget))
        return {}

    def describe(self, request: JsonObject) -> JsonObject:
        """Serve DescribeEndpoint."""
        with self.context.lock:
            endpoint = self._shelf.get(request["EndpointName"])
            return endpoint.describe() | {"EndpointStatus": self._status(endpoint)}

    def list(self, request: JsonObject) -> JsonObject:
        """Serve ListEndpoints."""
        with self.context.lock:
            summaries = [
                endpoint.summary() | {"EndpointStatus": self._status(endpoint)} for endpoint in self._shelf.all()
            ]
        return page(_LISTED, summaries, request)

    def restore(self) -> None:
        """Take up the endpoints that the store has kept: what served is started again, in the background."""
        with self.context.lock:
            self._shelf.restore(self._restored)
            for endpoint in self._shelf.all():
                take_up(endpoint, self._deployments, self._forget)

    def close(self) -> None:
        """End every instance."""
        self._deployments.close()

    def _begin(self, endpoint: Endpoint, plan: Plan, work: Callable[[], None]) -> JsonObject:
        endpoint.next_plan = plan
        endpoint.enter_stage("Creating")
        endpoint.enter("Updating")
        self.context.threads.start(f"update endpoint {endpoint.name}", work)
        return {"EndpointArn": endpoint.arn}

    def _begin_scaling(self, endpoint: Endpoint, plan: Plan) -> JsonObject:
        fleet = endpoint.fleet
        if fleet is None:
            return self._begin(endpoint, plan, lambda: self._deployments.update(endpoint, plan, Rollout()))
        answer = self._begin(endpoint, plan, lambda: self._deployments.scale(endpoint, fleet, plan))
        endpoint.enter_stage("Updating")
        return answer

    def _forget(self, endpoint: Endpoint) -> None:
        self._shelf.remove(endpoint.name)
        self.context.tags.end(endpoint.arn)

    def _restored(self, record: JsonObject) -> Endpoint:
        name = record["name"]
        known = {**record, "plan": Plan.of(record["plan"])}
        if record.get("next_plan") is not None:
            known["next_plan"] = Plan.of(record["next_plan"])
        return Endpoint(self.context, arn=self._shelf.arn(name), keep=self._shelf.keep, **known)

    def _updatable(self, name: str) -> Endpoint:
        endpoint = self._settled(name)
        if self._status(endpoint) == "Failed":
            raise AwsError(
                "ValidationException", f'Cannot update endpoint "{endpoint.arn}" in status Failed: delete it.'
            )
        return endpoint

    def _status(self, endpoint: Endpoint) -> str:
        """Return the status of an endpoint, or the one that it was planned to show."""
        return self.context.faults.status(endpoint.name) or endpoint.status

    def _settled(self, name: str) -> Endpoint:
        endpoint = self._shelf.get(name)
        if self._status(endpoint) not in SETTLED:
            raise AwsError("ValidationException", f'Cannot update in-progress endpoint "{endpoint.arn}".')
        return endpoint
