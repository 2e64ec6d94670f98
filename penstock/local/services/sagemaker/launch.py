"""From a plan to instances that start."""

from functools import partial

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.fleet import Fleet
from penstock.local.services.sagemaker.instance import Instance
from penstock.local.services.sagemaker.models import Model
from penstock.local.services.sagemaker.plan import Plan
from penstock.local.services.sagemaker.serverless import ServerlessVariant
from penstock.local.services.sagemaker.usage import Usage
from penstock.local.services.sagemaker.variant import Variant

LOG_GROUP = "/aws/sagemaker/Endpoints"
_DISK_GB = 30
_SERVERLESS_DISK_GB = 5
_LOOK_SECONDS = 10
_IDLE_SECONDS = 600  # of the cloud, until an idle instance of a serverless variant ends; AWS does not say how many


def launch(context: Context, endpoint: str, arn: str, plan: Plan) -> Fleet:
    """Start the instances of a plan.

    Raises:
        DeploymentError: a model's data cannot be had.
    """
    variants: list[Variant] = []
    try:
        for planned in (*plan.variants, *plan.shadows):
            variants.append(_variant(context, endpoint, arn, plan.models[planned["VariantName"]], planned))
            variants[-1].add(_first(planned))
    except BaseException:
        for variant_made in variants:
            for instance in variant_made.instances:
                instance.stop(0)
        raise

    def came_in_service(instance: Instance) -> None:
        fault = context.faults.serving(endpoint)
        if fault is not None:
            instance.kill_after(fault.seconds)

    shadow = variants.pop() if plan.shadows else None
    return Fleet(variants, came_in_service, shadow=shadow)


def _first(planned: JsonObject) -> int:
    """Return how many instances a variant begins with; a serverless one shows that its model starts."""
    if "ServerlessConfig" in planned:
        return max(int(planned["ServerlessConfig"].get("ProvisionedConcurrency", 0)), 1)
    return int(planned["InitialInstanceCount"])


def _variant(context: Context, endpoint: str, arn: str, model: Model, planned: JsonObject) -> Variant:
    name, serverless = planned["VariantName"], planned.get("ServerlessConfig")
    usage = Usage(
        context,
        namespace=LOG_GROUP,
        dimensions={"EndpointName": endpoint, "VariantName": name},
        folder=context.work / "endpoints" / endpoint / name,
        disk_gb=_SERVERLESS_DISK_GB if serverless else planned.get("VolumeSizeInGB", _DISK_GB),
        look_seconds=_LOOK_SECONDS,
    )
    common = {
        "name": name,
        "model": model,
        "weight": planned["InitialVariantWeight"],
        "startup_seconds": planned.get("ContainerStartupHealthCheckTimeoutInSeconds", context.startup_seconds),
        "usage": usage,
        "make": partial(_instance, context, endpoint, arn, name, model),
    }
    if serverless is None:
        return Variant(**common)
    return ServerlessVariant(**common, settings=serverless, idle_seconds=context.clock.real(_IDLE_SECONDS))


def _instance(context: Context, endpoint: str, arn: str, variant: str, model: Model) -> Instance:
    credentials = {} if model.isolated else context.variables(model.role, arn)
    instance = Instance(
        program=context.programs.program(model.image),
        variables=credentials | model.environment,
        folder=context.work / "endpoints" / endpoint / variant,
    )
    try:
        if model.artefact is not None:
            instance.load(context.acting(model.role, "s3", arn), model.artefact)
        logs = context.acting(model.role, "logs", arn)
        instance.record(logs, group=f"{LOG_GROUP}/{endpoint}", stream=f"{variant}/{instance.id}")
    except BaseException:
        instance.stop(0)
        raise
    return instance
