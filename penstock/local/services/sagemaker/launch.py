"""From an endpoint configuration to instances that start."""

from collections.abc import Mapping
from dataclasses import dataclass

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.endpoint_configs import EndpointConfig
from penstock.local.services.sagemaker.fleet import Fleet, Variant
from penstock.local.services.sagemaker.instance import Instance
from penstock.local.services.sagemaker.models import Model
from penstock.local.services.sagemaker.usage import Usage

LOG_GROUP = "/aws/sagemaker/Endpoints"
_DISK_GB = 30
_LOOK_SECONDS = 10
# What an endpoint says of a variant, as UpdateEndpoint names it → the member of a configuration's variant.
PROPERTIES = {"DesiredInstanceCount": "InitialInstanceCount", "DesiredWeight": "InitialVariantWeight"}


@dataclass(frozen=True)
class Plan:
    """What an endpoint is to serve: a configuration with its models, and its variants as they are to be."""

    config: EndpointConfig
    models: Mapping[str, Model]  # by variant
    variants: list[JsonObject]

    @classmethod
    def of(cls, record: JsonObject) -> "Plan":
        """Return the plan that a record tells of."""
        models = {variant: Model(**model) for variant, model in record["models"].items()}
        return cls(EndpointConfig(**record["config"]), models, record["variants"])

    def record(self) -> JsonObject:
        """Return what the store keeps of it; its configuration and its models may have been deleted since."""
        models = {variant: model.record() for variant, model in self.models.items()}
        return {"config": self.config.record(), "models": models, "variants": self.variants}

    def with_variants(self, variants: list[JsonObject]) -> "Plan":
        """Return the same plan with other variants."""
        return Plan(self.config, self.models, variants)


def retaining(variants: list[JsonObject], fleet: Fleet | None, request: JsonObject) -> list[JsonObject]:
    """Return the variants of a new configuration with what UpdateEndpoint is to keep of those that serve."""
    if fleet is None or not request.get("RetainAllVariantProperties", False):
        return variants
    excluded = {item["VariantPropertyType"] for item in request.get("ExcludeRetainedVariantProperties", [])}
    serving = {
        variant.name: {"DesiredInstanceCount": len(variant.instances), "DesiredWeight": variant.weight}
        for variant in fleet.variants
    }
    return [
        variant
        | {
            PROPERTIES[kept]: value
            for kept, value in serving.get(variant["VariantName"], {}).items()
            if kept not in excluded
        }
        for variant in variants
    ]


def launch(context: Context, endpoint: str, arn: str, plan: Plan) -> Fleet:
    """Start the instances of a plan.

    Raises:
        DeploymentError: a model's data cannot be had.
    """
    variants: list[Variant] = []
    try:
        for planned in plan.variants:
            variants.append(_variant(context, endpoint, plan.models[planned["VariantName"]], planned))
            for _ in range(planned["InitialInstanceCount"]):
                _add_instance(context, endpoint, arn, variants[-1])
    except BaseException:
        for variant_made in variants:
            for instance in variant_made.instances:
                instance.stop(0)
        raise

    def came_in_service(instance: Instance) -> None:
        fault = context.faults.serving(endpoint)
        if fault is not None:
            instance.kill_after(fault.seconds)

    return Fleet(variants, came_in_service)


def _variant(context: Context, endpoint: str, model: Model, planned: JsonObject) -> Variant:
    name = planned["VariantName"]
    usage = Usage(
        context,
        namespace=LOG_GROUP,
        dimensions={"EndpointName": endpoint, "VariantName": name},
        folder=context.work / "endpoints" / endpoint / name,
        disk_gb=planned.get("VolumeSizeInGB", _DISK_GB),
        look_seconds=_LOOK_SECONDS,
    )
    return Variant(
        name=name,
        model=model,
        weight=planned["InitialVariantWeight"],
        instances=[],
        startup_seconds=planned.get("ContainerStartupHealthCheckTimeoutInSeconds", context.startup_seconds),
        usage=usage,
    )


def _add_instance(context: Context, endpoint: str, arn: str, variant: Variant) -> None:
    model = variant.model
    credentials = {} if model.isolated else context.variables(model.role, arn)
    instance = Instance(
        program=context.programs.program(model.image),
        variables=credentials | model.environment,
        folder=context.work / "endpoints" / endpoint / variant.name,
    )
    variant.instances.append(instance)
    if model.artefact is not None:
        instance.load(context.acting(model.role, "s3", arn), model.artefact)
    logs = context.acting(model.role, "logs", arn)
    instance.record(logs, group=f"{LOG_GROUP}/{endpoint}", stream=f"{variant.name}/{instance.id}")
