from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from hooks.aws import sagemaker

Stub = Callable[[str], Stubber]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
GROUP = "arn:aws:sagemaker:us-east-1:123456789012:model-package-group/dev-bigmart"
PACKAGE = "arn:aws:sagemaker:us-east-1:123456789012:model-package/dev-bigmart/5"


def test_an_endpoint_that_is_not_there_is_none(stub: Stub) -> None:
    message = 'Could not find endpoint "arn:aws:sagemaker:us-east-1:123456789012:endpoint/dev-bigmart".'
    stub("sagemaker").add_client_error("describe_endpoint", "ValidationException", message)
    assert sagemaker.describe_endpoint("dev-bigmart") is None


def test_another_error_in_describing_is_raised(stub: Stub) -> None:
    stub("sagemaker").add_client_error("describe_endpoint", "ThrottlingException", "Rate exceeded")
    with pytest.raises(ClientError, match="Rate exceeded"):
        sagemaker.describe_endpoint("dev-bigmart")


def test_a_package_that_is_not_there_is_none(stub: Stub) -> None:
    stub("sagemaker").add_client_error("describe_model_package", "ValidationException", f"{PACKAGE} does not exist.")
    assert sagemaker.describe_package(PACKAGE) is None


def test_another_error_in_describing_a_package_is_raised(stub: Stub) -> None:
    stub("sagemaker").add_client_error("describe_model_package", "ThrottlingException", "Rate exceeded")
    with pytest.raises(ClientError, match="Rate exceeded"):
        sagemaker.describe_package(PACKAGE)


def test_the_newest_approved_package_is_the_first_of_the_list(stub: Stub) -> None:
    asked = {
        "ModelPackageGroupName": "dev-bigmart",
        "ModelApprovalStatus": "Approved",
        "SortBy": "CreationTime",
        "SortOrder": "Descending",
    }
    summary = {"ModelPackageArn": PACKAGE, "CreationTime": NOW, "ModelPackageStatus": "Completed"}
    stubbed = stub("sagemaker")
    stubbed.add_response("list_model_packages", {"ModelPackageSummaryList": [summary]}, asked)
    described = {**summary, "ModelPackageName": "p", "ModelPackageStatusDetails": {"ValidationStatuses": []}}
    stubbed.add_response("describe_model_package", described, {"ModelPackageName": PACKAGE})
    assert sagemaker.newest_approved_package("dev-bigmart") == described


def test_an_empty_group_has_no_newest_package(stub: Stub) -> None:
    stub("sagemaker").add_response("list_model_packages", {"ModelPackageSummaryList": []})
    assert sagemaker.newest_approved_package("dev-bigmart") is None


def test_a_group_that_is_not_there_has_none_either(stub: Stub) -> None:
    stub("sagemaker").add_client_error("list_model_packages", "ValidationException", f"{GROUP} does not exist.")
    assert sagemaker.newest_approved_package("dev-bigmart") is None


def test_another_error_in_listing_is_raised(stub: Stub) -> None:
    stub("sagemaker").add_client_error("list_model_packages", "ThrottlingException", "Rate exceeded")
    with pytest.raises(ClientError, match="Rate exceeded"):
        sagemaker.newest_approved_package("dev-bigmart")


def test_tags_are_read_by_name(stub: Stub) -> None:
    tags = {"Tags": [{"Key": "penstock:generation", "Value": "5"}]}
    stub("sagemaker").add_response("list_tags", tags, {"ResourceArn": PACKAGE})
    assert sagemaker.tags(PACKAGE) == {"penstock:generation": "5"}


def test_a_config_and_a_model_are_described(stub: Stub) -> None:
    client = stub("sagemaker")
    config = {"EndpointConfigName": "c", "EndpointConfigArn": f"{PACKAGE}-c", "CreationTime": NOW}
    variant = {"VariantName": "main", "ModelName": "m"}
    client.add_response("describe_endpoint_config", config | {"ProductionVariants": [variant]})
    client.add_response("describe_model", {"ModelName": "m", "ModelArn": f"{PACKAGE}-m", "CreationTime": NOW})
    assert sagemaker.describe_endpoint_config("c")["ProductionVariants"] == [variant]
    assert sagemaker.describe_model("m")["ModelName"] == "m"
