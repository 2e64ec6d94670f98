"""What is there already when a stack is to make it: the stack fails then, and what is there is not touched.

Many calls that create take what exists for their own: whoever undid them would remove what is somebody else's.
"""

from collections.abc import Iterable

from botocore.exceptions import ClientError

from penstock.local.deploy.resources import known_type
from penstock.local.deploy.resources.base import Handle, stack_id
from penstock.local.deploy.resources.removal import gone
from penstock.local.deploy.stacks import DeployedResource

_CODE = "(HandlerErrorCode: AlreadyExists)"  # as CloudFormation tells it
_REMOVAL = {
    "AWS::ECR::Repository": "aws ecr delete-repository --repository-name {} --force",
    "AWS::S3::Bucket": "aws s3 rb s3://{} --force",
}


def refuse_existing(kind: str, wanted: Handle, deployed: Iterable[DeployedResource]) -> None:
    """Refuse to make a resource that exists; `deployed` are those that stacks have, this one's first.

    Raises:
        ValueError: it exists; the message says whose it is, as far as that is known, and what to do.
        ClientError: the service did not say.
    """
    if not _exists(kind, wanted):
        return
    key = known_type(kind).name_property or ""
    name = wanted.properties.get(key)
    owner = next((other for other in deployed if other.type == kind and other.handle.properties.get(key) == name), None)
    if name is None:
        raise ValueError(f"it already exists {_CODE}, and is not of this resource. Remove it.")
    if owner is not None:
        where = f"in stack {stack_id(wanted.clients, owner.handle.stack)}, as its {owner.handle.logical_id}"
        raise ValueError(f"{name} already exists {where} {_CODE}. Remove it there. {_another(kind, key)}")
    command = f" (`{_REMOVAL[kind].format(name)}`)" if kind in _REMOVAL else ""
    raise ValueError(
        f"{name} already exists {_CODE}, and in no stack: one that was removed may have kept it. Remove it{command}, "
        f"or start an empty cloud (`penstock local up --fresh`). {_another(kind, key)}"
    )


def _another(kind: str, key: str) -> str:
    unnamed = "" if key in known_type(kind).required else f", or leave {key} out"
    return f"Or give this one another name{unnamed}."


def _exists(kind: str, wanted: Handle) -> bool:
    look = known_type(kind).exists
    try:
        return look is not None and bool(look(wanted))
    except ClientError as error:
        if not gone(error):
            raise
        return False
