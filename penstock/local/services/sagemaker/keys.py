"""KMS keys: those that exist, what they may be used for, and the disks that they cannot encrypt."""

import re

from botocore.exceptions import ClientError

from penstock.local.service import AwsError
from penstock.local.services.sagemaker.context import Context

# Families with disks of their own: those with a d after their generation (m5d, g4dn, p4de), and these.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-volumes.html
_LOCAL_DISKS = re.compile(r"ml\.(?:[a-z]+\d+[a-z]*d[a-z]*|g5|g6e?|g7e?|gr6|p5e?n?|p6e?-\w+|trn1n?|trn2|dl1)\.")


def has_local_disks(instance_type: str) -> bool:
    """Return whether the disks of an instance come with it: SageMaker takes no size and no key for them."""
    return _LOCAL_DISKS.match(instance_type) is not None


def key_arn(context: Context, key: str) -> str:
    """Return the ARN of a key, which may be named by its id, its ARN or an alias.

    Raises:
        AwsError: ValidationException, there is no such key, or it cannot be used.
    """
    try:
        found = context.clients.operator("kms").describe_key(KeyId=key)["KeyMetadata"]
    except ClientError as error:
        message = error.response["Error"]["Message"]
        raise AwsError("ValidationException", f"Invalid KMS key {key}: {message}") from error
    if found["KeyState"] != "Enabled":
        raise AwsError("ValidationException", f"Invalid KMS key {key}: {found['Arn']} is {found['KeyState']}.")
    return str(found["Arn"])


def check_disks(context: Context, instance_type: str, key: str | None, member: str) -> None:
    """Refuse a key that does not exist, or for disks that come with their instance.

    Raises:
        AwsError: ValidationException.
    """
    if key is None:
        return
    key_arn(context, key)
    if has_local_disks(instance_type):
        raise AwsError(
            "ValidationException",
            f"{member} is not supported for instance type {instance_type}: its local disks are encrypted by their"
            " hardware.",
        )
