"""May SageMaker act as this role, pull this image, read this data, use this key? What AWS checks before it begins."""

import hashlib
import json

from botocore.exceptions import ClientError

from penstock.local.arns import partition
from penstock.local.programs.images import ImageUri
from penstock.local.service import AwsError
from penstock.local.services.sagemaker.context import PRINCIPAL, Context
from penstock.local.services.sagemaker.s3 import S3Uri, keys

_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def check_role(context: Context, role: str, source: str) -> None:
    """Refuse a role that does not exist, or whose trust policy does not let SageMaker in for `source`, an ARN.

    Raises:
        AwsError: ValidationException.
    """
    try:
        context.acting(role, "sts", source)
    except ClientError as error:
        raise _invalid(
            f"Could not assume role {role}. Please ensure that the role exists and allows principal '{PRINCIPAL}'"
            " to assume the role."
        ) from error


def resolve_image(context: Context, role: str, uri: str, source: str) -> str:
    """Pull an image with a role, as far as ECR is asked for it; return its address by digest.

    Raises:
        AwsError: ValidationException, the image is not there or the role may not pull it.
    """
    image = ImageUri.parse(uri)
    ecr = context.acting(role, "ecr", source)
    where = {"registryId": image.registry, "repositoryName": image.repository}
    named = f"repository: {image.repository} in registry ID: {image.registry}"
    permissions = f"role {role} has proper pull permissions for SageMaker: {', '.join(_PULL)}"
    region = context.clients.region
    repository = f"arn:{partition(region)}:ecr:{region}:{image.registry}:repository/{image.repository}"
    try:
        ecr.get_authorization_token()
        if context.programs.of_aws(uri):
            # AWS's repositories let every account in: what is left is that the role may.
            for action in _PULL:
                context.require(role, action, repository)
            return f"{uri.rpartition(':')[0]}@sha256:{hashlib.sha256(uri.encode()).hexdigest()}"
        images = ecr.batch_get_image(**where, imageIds=[{"imageTag": image.tag}])["images"]
        for found in images:
            layers = json.loads(found["imageManifest"])["layers"]
            ecr.batch_check_layer_availability(**where, layerDigests=[layer["digest"] for layer in layers])
            # The layers are folders of this machine: nothing is downloaded, but the role has to be let.
            context.require(role, "ecr:GetDownloadUrlForLayer", repository)
    except ecr.exceptions.RepositoryNotFoundException as error:
        raise _invalid(f"Cannot find {named} Please check if your ECR repository exists and {permissions}") from error
    except (ClientError, AwsError) as error:
        message = error.message if isinstance(error, AwsError) else error.response["Error"]["Message"]
        raise _invalid(
            f"Access denied for {named}. Please check if your ECR repository and image exist and {permissions}."
            f" Error message from ECR: {message}"
        ) from error
    if not images:
        raise _invalid(f"Requested image {uri} not found.")
    return f"{uri.rpartition(':')[0]}@{images[0]['imageId']['imageDigest']}"


def check_input(context: Context, role: str, uri: str, source: str) -> None:
    """Refuse a channel without objects.

    Raises:
        AwsError: ValidationException.
    """
    prefix = S3Uri.parse(uri)
    reason = ""
    try:
        if next(keys(context.acting(role, "s3", source), prefix), None) is not None:
            return
    except ClientError as error:
        reason = f" Error message from S3: {error.response['Error']['Message']}"
    raise _invalid(
        f'No S3 objects found under S3 URL "{uri}" given in input data source. Please ensure that the bucket exists in'
        f" the selected region ({context.clients.region}), that objects exist under that S3 prefix, and that the role"
        f' "{role}" has "s3:ListBucket" permissions on bucket "{prefix.bucket}".{reason}'
    )


def check_artefact(context: Context, role: str, uri: str, source: str) -> None:
    """Refuse a model whose data are not there, or that the role may not read.

    Raises:
        AwsError: ValidationException.
    """
    location = S3Uri.parse(uri)
    try:
        context.acting(role, "s3", source).head_object(Bucket=location.bucket, Key=location.key)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:  # noqa: PLR2004
            raise _invalid(f"Could not find model data at {uri}.") from error
        raise _invalid(
            f'Could not access model data at {uri}. Please ensure that the role "{role}" exists and that its trust'
            f' relationship policy allows the action "sts:AssumeRole" for the service principal "{PRINCIPAL}". Also'
            f' ensure that the role has "s3:GetObject" permissions and that the object is located in'
            f" {context.clients.region}."
        ) from error


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message)
