"""May SageMaker act as this role, pull this image and read this artefact? What AWS checks before it begins."""

import json
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import ClientError

from penstock.local.clients import Clients
from penstock.local.programs.images import ImageUri
from penstock.local.service import AwsError
from penstock.local.services.sagemaker.s3 import S3Uri, keys

SESSION = "SageMaker"
_PRINCIPAL = "sagemaker.amazonaws.com"
_PULL = "ecr:BatchCheckLayerAvailability, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer"


def check_role(clients: Clients, role: str) -> None:
    """Refuse a role that does not exist, or whose trust policy does not name SageMaker.

    Raises:
        AwsError: ValidationException.
    """
    iam = clients.operator("iam")
    try:
        document = iam.get_role(RoleName=role.rpartition("/")[2])["Role"]["AssumeRolePolicyDocument"]
    except iam.exceptions.NoSuchEntityException:
        document = {}
    if not _trusts(document if isinstance(document, dict) else json.loads(unquote(document))):
        raise AwsError(
            "ValidationException",
            f"Could not assume role {role}. Please ensure that the role exists and allows principal '{_PRINCIPAL}'"
            " to assume the role.",
        )


def resolve_image(clients: Clients, role: str, uri: str) -> str:
    """Pull an image with a role, as far as ECR is asked for it; return its address by digest.

    Raises:
        AwsError: ValidationException, the image is not there or the role may not pull it.
    """
    image = ImageUri.parse(uri)
    ecr = clients.role(role, "ecr", session=SESSION)
    where = {"registryId": image.registry, "repositoryName": image.repository}
    named = f"repository: {image.repository} in registry ID: {image.registry}"
    permissions = f"role {role} has proper pull permissions for SageMaker: {_PULL}"
    try:
        ecr.get_authorization_token()
        images = ecr.batch_get_image(**where, imageIds=[{"imageTag": image.tag}])["images"]
        for found in images:
            layers = json.loads(found["imageManifest"])["layers"]
            ecr.batch_check_layer_availability(**where, layerDigests=[layer["digest"] for layer in layers])
    except ecr.exceptions.RepositoryNotFoundException as error:
        raise _invalid(f"Cannot find {named} Please check if your ECR repository exists and {permissions}") from error
    except ClientError as error:
        raise _invalid(
            f"Access denied for {named}. Please check if your ECR repository and image exist and {permissions}."
            f" Error message from ECR: {error.response['Error']['Message']}"
        ) from error
    if not images:
        raise _invalid(f"Requested image {uri} not found.")
    return f"{uri.rpartition(':')[0]}@{images[0]['imageId']['imageDigest']}"


def check_input(clients: Clients, role: str, uri: str) -> None:
    """Refuse a channel without objects.

    Raises:
        AwsError: ValidationException.
    """
    prefix = S3Uri.parse(uri)
    reason = ""
    try:
        if next(keys(clients.role(role, "s3", session=SESSION), prefix), None) is not None:
            return
    except ClientError as error:
        reason = f" Error message from S3: {error.response['Error']['Message']}"
    raise _invalid(
        f'No S3 objects found under S3 URL "{uri}" given in input data source. Please ensure that the bucket exists in'
        f" the selected region ({clients.region}), that objects exist under that S3 prefix, and that the role"
        f' "{role}" has "s3:ListBucket" permissions on bucket "{prefix.bucket}".{reason}'
    )


def check_artefact(clients: Clients, role: str, uri: str) -> None:
    """Refuse a model whose data are not there, or that the role may not read.

    Raises:
        AwsError: ValidationException.
    """
    location = S3Uri.parse(uri)
    try:
        clients.role(role, "s3", session=SESSION).head_object(Bucket=location.bucket, Key=location.key)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:  # noqa: PLR2004
            raise _invalid(f"Could not find model data at {uri}.") from error
        raise _invalid(
            f'Could not access model data at {uri}. Please ensure that the role "{role}" exists and that its trust'
            f' relationship policy allows the action "sts:AssumeRole" for the service principal "{_PRINCIPAL}". Also'
            f' ensure that the role has "s3:GetObject" permissions and that the object is located in {clients.region}.'
        ) from error


def _trusts(document: dict[str, Any]) -> bool:
    """Does a trust policy let SageMaker in? Its conditions hold for every job of this account."""
    statements = document.get("Statement", [])
    for statement in [statements] if isinstance(statements, dict) else statements:
        principal = statement.get("Principal", {})
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        if statement.get("Effect") == "Allow" and _PRINCIPAL in ([services] if isinstance(services, str) else services):
            return True
    return False


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message)
