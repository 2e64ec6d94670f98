"""SageMaker: what is deployed."""

from typing import Any

from botocore.exceptions import ClientError

from hooks.aws import clients


def describe_endpoint(name: str) -> dict[str, Any] | None:
    """Return what SageMaker says of an endpoint, or None if there is no such."""
    try:
        endpoint: dict[str, Any] = clients.client("sagemaker").describe_endpoint(EndpointName=name)
    except ClientError as error:
        if "Could not find endpoint" not in error.response["Error"]["Message"]:
            raise
        return None
    return endpoint


def describe_endpoint_config(name: str) -> dict[str, Any]:
    """Return what SageMaker says of an endpoint config."""
    config: dict[str, Any] = clients.client("sagemaker").describe_endpoint_config(EndpointConfigName=name)
    return config


def describe_model(name: str) -> dict[str, Any]:
    """Return what SageMaker says of a model."""
    model: dict[str, Any] = clients.client("sagemaker").describe_model(ModelName=name)
    return model


def tags(arn: str) -> dict[str, str]:
    """Return the tags of a resource."""
    pages = clients.client("sagemaker").get_paginator("list_tags").paginate(ResourceArn=arn)
    return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}


def describe_package(arn: str) -> dict[str, Any] | None:
    """Return what SageMaker says of a model package, or None if there is no such."""
    try:
        package: dict[str, Any] = clients.client("sagemaker").describe_model_package(ModelPackageName=arn)
    except ClientError as error:
        if "does not exist" not in error.response["Error"]["Message"]:
            raise
        return None
    return package


def newest_approved_package(group: str) -> dict[str, Any] | None:
    """Return the last package of a group that is approved, as `describe_package` does.

    None if there is none, or no such group.
    """
    asked = {"ModelPackageGroupName": group, "ModelApprovalStatus": "Approved"}
    newest_first = {"SortBy": "CreationTime", "SortOrder": "Descending"}
    pages = clients.client("sagemaker").get_paginator("list_model_packages").paginate(**asked, **newest_first)
    try:
        found = (package["ModelPackageArn"] for page in pages for package in page["ModelPackageSummaryList"])
        newest = next(found, None)
    except ClientError as error:
        if "does not exist" not in error.response["Error"]["Message"]:
            raise
        return None
    return describe_package(newest) if newest else None


def reject_package(arn: str, why: str) -> None:
    """Say that a model package is not to be deployed."""
    rejected = {"ModelApprovalStatus": "Rejected", "ApprovalDescription": why}
    clients.client("sagemaker").update_model_package(ModelPackageArn=arn, **rejected)
