"""SageMaker: the models that a pipeline has, the configs that serve them, and the packages that they are of."""

import re
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from hooks.aws import clients
from hooks.aws.sagemaker import describe_endpoint, describe_endpoint_config, describe_model
from hooks.tidying import Inventory, Model, Package, Removal

_GONE = ("Could not find", "does not exist")


def find(name: str, endpoint: str | None, model: str) -> Inventory:
    """Return what the pipeline `name` has; `model` is in use, whatever the endpoint serves."""
    configs = {config: _models_of(config) for config in _own(name, "endpoint_configs", "EndpointConfig")}
    return Inventory(
        packages=[_package(summary) for summary in _packages(name)],
        models=[_model(own) for own in _own(name, "models", "Model")],
        configs=configs,
        live_configs=frozenset(_live_configs(endpoint)) if endpoint else frozenset(),
        live_models=frozenset([model]),
    )


def remove(removal: Removal) -> None:
    """Remove what is to be removed; what is gone already is no error."""
    sagemaker = clients.client("sagemaker")
    for config in removal.configs:
        _unless_gone(sagemaker.delete_endpoint_config, EndpointConfigName=config)
    for model in removal.models:
        _unless_gone(sagemaker.delete_model, ModelName=model)
    for package in removal.packages:
        _unless_gone(sagemaker.delete_model_package, ModelPackageName=package)


def images_in_use(prefix: str) -> list[str]:
    """Return the URIs of the images of all models and packages whose names begin with `prefix`."""
    sagemaker = clients.client("sagemaker")
    models = (item["ModelName"] for item in _listed("list_models", "Models", NameContains=prefix))
    described = [describe_model(name) for name in models if name.startswith(prefix)]
    groups = _listed("list_model_package_groups", "ModelPackageGroupSummaryList", NameContains=prefix)
    names = (group["ModelPackageGroupName"] for group in groups)
    packages = [
        sagemaker.describe_model_package(ModelPackageName=summary["ModelPackageArn"])
        for name in names
        if name.startswith(prefix)
        for summary in _packages(name)
    ]
    return [
        *(container["Image"] for model in described for container in _containers(model)),
        *(one["Image"] for package in packages for one in package["InferenceSpecification"]["Containers"]),
    ]


def _own(name: str, kind: str, word: str) -> Iterator[str]:
    """Yield the names of the pipeline's own: not of another, whose name begins with this one's."""
    own = re.compile(re.escape(name) + r"-[0-9a-f]{8}(-.*)?")
    for item in _listed(f"list_{kind}", f"{word}s", NameContains=name):
        if own.fullmatch(item[f"{word}Name"]):
            yield item[f"{word}Name"]


def _models_of(config: str) -> list[str]:
    described = describe_endpoint_config(config)
    variants = [*described["ProductionVariants"], *described.get("ShadowProductionVariants", ())]
    return [variant["ModelName"] for variant in variants]


def _model(name: str) -> Model:
    described = describe_model(name)
    (container,) = _containers(described)
    return Model(name, described["CreationTime"].timestamp(), container["ModelDataUrl"])


def _containers(model: dict[str, Any]) -> list[dict[str, Any]]:
    return model.get("Containers") or [model["PrimaryContainer"]]


def _packages(group: str) -> Iterator[dict[str, Any]]:
    return _listed("list_model_packages", "ModelPackageSummaryList", ModelPackageGroupName=group)


def _package(summary: dict[str, Any]) -> Package:
    described = clients.client("sagemaker").describe_model_package(ModelPackageName=summary["ModelPackageArn"])
    return Package(
        arn=summary["ModelPackageArn"],
        generation=summary["ModelPackageVersion"],
        status=described["ModelApprovalStatus"],
        created=described["CreationTime"].timestamp(),
        artefact=described["InferenceSpecification"]["Containers"][0]["ModelDataUrl"],
    )


def _live_configs(endpoint: str) -> Iterator[str]:
    described = describe_endpoint(endpoint)
    if described is not None:
        yield described["EndpointConfigName"]
        yield from filter(None, [described.get("PendingDeploymentSummary", {}).get("EndpointConfigName")])


def _listed(operation: str, members: str, **request: str) -> Iterator[dict[str, Any]]:
    for page in clients.client("sagemaker").get_paginator(operation).paginate(**request):
        yield from page[members]


def _unless_gone(delete: Any, **request: str) -> None:
    try:
        delete(**request)
    except ClientError as error:
        if not any(words in error.response["Error"]["Message"] for words in _GONE):
            raise
