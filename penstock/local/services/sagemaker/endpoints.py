"""The operations on endpoints."""

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.deployments import Deployments
from penstock.local.services.sagemaker.endpoint import Endpoint
from penstock.local.services.sagemaker.endpoint_configs import EndpointConfigs
from penstock.local.services.sagemaker.fleet import Fleet, Variant
from penstock.local.services.sagemaker.instance import Instance
from penstock.local.services.sagemaker.launch import Plan, retaining
from penstock.local.services.sagemaker.listing import Kind, page
from penstock.local.services.sagemaker.models import Models
from penstock.local.services.sagemaker.served import ANY, check
from penstock.local.services.sagemaker.shelf import Shelf

_LISTED = Kind(key="Endpoints", name="EndpointName", status="EndpointStatus")
_SETTLED = frozenset({"InService", "Failed"})
# No alarm is evaluated, so that the old fleet is not kept for one: TerminationWaitInSeconds has no effect.
_DEPLOYMENT = {
    "BlueGreenUpdatePolicy": {
        "TrafficRoutingConfiguration": {"Type": ("ALL_AT_ONCE",), "WaitIntervalInSeconds": ANY},
        "TerminationWaitInSeconds": ANY,
        "MaximumExecutionTimeoutInSeconds": ANY,
    },
    "AutoRollbackConfiguration": ANY,
}


class Endpoints:
    """The endpoints of this cloud."""

    def __init__(self, context: Context, models: Models, configs: EndpointConfigs) -> None:
        self._context = context
        self._models = models
        self._configs = configs
        self._deployments = Deployments(context)
        self._shelf: Shelf[Endpoint] = Shelf("endpoint", lambda name: context.arn("endpoint", name), context.lock)

    def create(self, request: JsonObject) -> JsonObject:
        """Serve CreateEndpoint; the answer comes before the endpoint is up."""
        check(request.get("DeploymentConfig", {}), _DEPLOYMENT)
        name = request["EndpointName"]
        self._shelf.check_free(name)
        endpoint = Endpoint(name, self._context.arn("endpoint", name), self._plan(request["EndpointConfigName"]))
        endpoint.deployment = request.get("DeploymentConfig", {})
        self._shelf.add(name, endpoint)
        self._context.tags.begin(endpoint.arn, request.get("Tags", []))
        self._context.threads.start(f"create endpoint {name}", lambda: self._deployments.create(endpoint))
        return {"EndpointArn": endpoint.arn}

    def update(self, request: JsonObject) -> JsonObject:
        """Serve UpdateEndpoint; the answer comes before anything has changed."""
        check(request.get("DeploymentConfig", {}), _DEPLOYMENT)
        plan = self._plan(request["EndpointConfigName"])
        with self._context.lock:
            endpoint = self._settled(request["EndpointName"])
            if endpoint.status == "Failed":
                raise AwsError(
                    "ValidationException", f'Cannot update endpoint "{endpoint.arn}" in status Failed: delete it.'
                )
            plan = Plan(plan.config, plan.models, retaining(plan.variants, endpoint.fleet, request))
            if not request.get("RetainDeploymentConfig", False):
                endpoint.deployment = request.get("DeploymentConfig", {})
            endpoint.next_plan = plan
            endpoint.enter("Updating")
        self._context.threads.start(
            f"update endpoint {endpoint.name}", lambda: self._deployments.update(endpoint, plan)
        )
        return {"EndpointArn": endpoint.arn}

    def delete(self, request: JsonObject) -> JsonObject:
        """Serve DeleteEndpoint: requests under way end, new ones find no endpoint."""
        with self._context.lock:
            endpoint = self._settled(request["EndpointName"])
            endpoint.enter("Deleting")
            fleet, endpoint.fleet = endpoint.fleet, None

        def forget() -> None:
            self._shelf.remove(endpoint.name)
            self._context.tags.end(endpoint.arn)

        self._context.threads.start(f"delete endpoint {endpoint.name}", lambda: self._deployments.delete(fleet, forget))
        return {}

    def describe(self, request: JsonObject) -> JsonObject:
        """Serve DescribeEndpoint."""
        with self._context.lock:
            return self._shelf.get(request["EndpointName"]).describe()

    def list(self, request: JsonObject) -> JsonObject:
        """Serve ListEndpoints."""
        with self._context.lock:
            summaries = [endpoint.summary() for endpoint in self._shelf.all()]
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

    def close(self) -> None:
        """End every instance."""
        self._deployments.close()

    def _plan(self, config_name: str) -> Plan:
        config = self._configs.find(config_name)
        models = {variant["VariantName"]: self._models.find(variant["ModelName"]) for variant in config.variants}
        return Plan(config, models, config.variants)

    def _settled(self, name: str) -> Endpoint:
        endpoint = self._shelf.get(name)
        if endpoint.status not in _SETTLED:
            raise AwsError("ValidationException", f'Cannot update in-progress endpoint "{endpoint.arn}".')
        return endpoint
