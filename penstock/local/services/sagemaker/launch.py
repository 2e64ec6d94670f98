"""From an endpoint configuration to instances that start."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.endpoint_configs import EndpointConfig
from penstock.local.services.sagemaker.fleet import Fleet, Variant
from penstock.local.services.sagemaker.instance import Instance
from penstock.local.services.sagemaker.models import Model
from penstock.local.services.sagemaker.roles import SESSION

LOG_GROUP = "/aws/sagemaker/Endpoints"
# VariantPropertyType of UpdateEndpoint → the member of a configuration's variant that it stands for.
_PROPERTIES = {"DesiredInstanceCount": "InitialInstanceCount", "DesiredWeight": "InitialVariantWeight"}


@dataclass(frozen=True)
class Plan:
    """What an endpoint is to serve: a configuration with its models, and its variants as they are to be."""

    config: EndpointConfig
    models: Mapping[str, Model]  # by variant
    variants: list[JsonObject]


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
            _PROPERTIES[kept]: value
            for kept, value in serving.get(variant["VariantName"], {}).items()
            if kept not in excluded
        }
        for variant in variants
    ]


def launch(context: Context, endpoint: str, plan: Plan) -> Fleet:
    """Start the instances of a plan.

    Raises:
        DeploymentError: a model's data cannot be had.
    """
    folder = context.work / "endpoints" / endpoint
    variants: list[Variant] = []
    try:
        for variant in plan.variants:
            instances: list[Instance] = []
            variants.append(
                Variant(
                    name=variant["VariantName"],
                    model=plan.models[variant["VariantName"]],
                    weight=variant["InitialVariantWeight"],
                    instances=instances,
                    startup_seconds=variant.get("ContainerStartupHealthCheckTimeoutInSeconds", context.startup_seconds),
                )
            )
            for _ in range(variant["InitialInstanceCount"]):
                instances.append(_instance(context, variants[-1].model, folder / variant["VariantName"]))
                _prepare(context, endpoint, variants[-1], instances[-1])
    except BaseException:
        for variant_made in variants:
            for instance in variant_made.instances:
                instance.stop(0)
        raise
    return Fleet(variants)


def _instance(context: Context, model: Model, folder: Path) -> Instance:
    credentials = {} if model.isolated else context.clients.role_environment(model.role, session=SESSION)
    program = context.programs.program(model.image)
    return Instance(program=program, variables=credentials | model.environment, folder=folder)


def _prepare(context: Context, endpoint: str, variant: Variant, instance: Instance) -> None:
    role = variant.model.role
    if variant.model.artefact is not None:
        instance.load(context.clients.role(role, "s3", session=SESSION), variant.model.artefact)
    logs = context.clients.role(role, "logs", session=SESSION)
    instance.record(logs, group=f"{LOG_GROUP}/{endpoint}", stream=f"{variant.name}/{instance.id}")
