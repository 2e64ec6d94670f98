from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from hooks.aws import inventory
from hooks.tidying import Model, Package, Removal

Stub = Callable[[str], Stubber]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS = NOW.timestamp()
NAME = "dev-bigmart-7c1f09ab"
OTHER = "dev-bigmart-sales-7c1f09ab"  # of another pipeline, whose name begins with this one's
ARN = "arn:aws:sagemaker:us-east-1:123456789012:"
ARTEFACT, IMAGE = "s3://b/model.tar.gz", "1.dkr.ecr.us-east-1.amazonaws.com/dev-forest:tag"
CONTAINERS = {"Containers": [{"Image": IMAGE, "ModelDataUrl": ARTEFACT}]}
VARIANT = {"VariantName": "main", "ModelName": NAME}
PACKAGE: dict[str, Any] = {
    "ModelPackageName": "p",
    "ModelPackageArn": f"{ARN}model-package/dev-bigmart/3",
    "CreationTime": NOW,
    "ModelPackageStatus": "Completed",
}


def _summary(word: str, name: str) -> dict[str, Any]:
    return {f"{word}Name": name, f"{word}Arn": f"{ARN}x/{name}", "CreationTime": NOW}


def _package(sagemaker: Stubber) -> None:
    packages = {"ModelPackageSummaryList": [PACKAGE | {"ModelPackageVersion": 3}]}
    sagemaker.add_response("list_model_packages", packages, {"ModelPackageGroupName": "dev-bigmart"})
    details = {"ModelPackageStatusDetails": {"ValidationStatuses": []}, "ModelApprovalStatus": "Approved"}
    described = PACKAGE | details | {"InferenceSpecification": CONTAINERS}
    sagemaker.add_response("describe_model_package", described)


def _model(sagemaker: Stubber, more: dict[str, Any]) -> None:
    model = {"ModelName": NAME, "ModelArn": f"{ARN}model/{NAME}", "CreationTime": NOW}
    sagemaker.add_response("describe_model", model | more, {"ModelName": NAME})


def test_what_is_the_pipeline_s_own_is_found(stub: Stub) -> None:
    sagemaker = stub("sagemaker")
    configs = [_summary("EndpointConfig", name) for name in (NAME, OTHER)]
    sagemaker.add_response("list_endpoint_configs", {"EndpointConfigs": configs}, {"NameContains": "dev-bigmart"})
    config = _summary("EndpointConfig", NAME) | {"ProductionVariants": [VARIANT]}
    config |= {"ShadowProductionVariants": [{"VariantName": "shadow", "ModelName": "shadowed"}]}
    sagemaker.add_response("describe_endpoint_config", config, {"EndpointConfigName": NAME})
    _package(sagemaker)
    models = [_summary("Model", name) for name in (NAME, OTHER)]
    sagemaker.add_response("list_models", {"Models": models}, {"NameContains": "dev-bigmart"})
    _model(sagemaker, {"PrimaryContainer": CONTAINERS["Containers"][0]})
    endpoint = _summary("Endpoint", "dev-bigmart") | {
        "EndpointStatus": "Updating",
        "EndpointConfigName": NAME,
        "LastModifiedTime": NOW,
        "PendingDeploymentSummary": {"EndpointConfigName": "pending"},
    }
    sagemaker.add_response("describe_endpoint", endpoint)
    found = inventory.find("dev-bigmart", "dev-bigmart", "mine")
    assert found.configs == {NAME: [NAME, "shadowed"]}
    assert found.models == [Model(NAME, SECONDS, ARTEFACT)]
    assert found.packages == [Package(PACKAGE["ModelPackageArn"], 3, "Approved", SECONDS, ARTEFACT)]
    assert found.live_configs == frozenset([NAME, "pending"])
    assert found.live_models == frozenset(["mine"])


def test_without_an_endpoint_no_config_is_live(stub: Stub) -> None:
    sagemaker = stub("sagemaker")
    sagemaker.add_response("list_endpoint_configs", {"EndpointConfigs": []})
    sagemaker.add_response("list_model_packages", {"ModelPackageSummaryList": []})
    sagemaker.add_response("list_models", {"Models": []})
    assert inventory.find("dev-bigmart", None, "mine").live_configs == frozenset()


def test_images_in_use_are_those_of_all_models_and_packages_of_the_environment(stub: Stub) -> None:
    sagemaker = stub("sagemaker")
    sagemaker.add_response("list_models", {"Models": [_summary("Model", NAME), _summary("Model", "my-dev-x")]})
    _model(sagemaker, CONTAINERS)
    groups = [
        _summary("ModelPackageGroup", name) | {"ModelPackageGroupStatus": "Completed"}
        for name in ("dev-bigmart", "my-dev-x")
    ]
    sagemaker.add_response("list_model_package_groups", {"ModelPackageGroupSummaryList": groups})
    _package(sagemaker)
    assert inventory.images_in_use("dev-") == [IMAGE, IMAGE]


def test_what_is_gone_already_is_no_error(stub: Stub) -> None:
    sagemaker = stub("sagemaker")
    sagemaker.add_response("delete_endpoint_config", {}, {"EndpointConfigName": "c"})
    sagemaker.add_client_error("delete_model", "ValidationException", "Could not find model")
    sagemaker.add_client_error("delete_model_package", "ValidationException", "ModelPackage p does not exist.")
    inventory.remove(Removal(["c"], ["m"], ["p"]))
    sagemaker.assert_no_pending_responses()


def test_another_error_is_raised(stub: Stub) -> None:
    stub("sagemaker").add_client_error("delete_model", "AccessDeniedException", "not authorized")
    with pytest.raises(ClientError, match="not authorized"):
        inventory.remove(Removal([], ["m"], []))
