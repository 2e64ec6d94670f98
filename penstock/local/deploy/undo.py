"""The way back of a stack whose deployment failed or was cut off, and the removal of what nobody wants any more."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from penstock.errors import DeployError
from penstock.local.call_errors import code_of
from penstock.local.deploy.resources import known_type
from penstock.local.deploy.resources.base import Physical
from penstock.local.deploy.resources.removal import gone
from penstock.local.deploy.stacks import DeployedResource, Stacks, Step

_FAILURES = (BotoCoreError, ClientError, ValueError)
_T = TypeVar("_T")


def roll_back(stacks: Stacks, stack: str) -> None:
    """Undo the deployment of a stack that is under way, last step first.

    Raises:
        DeployError: something could not be put back; the rest is, and it can be tried again.
    """
    remaining: list[Step] = []
    problems: list[str] = []
    for step in reversed(stacks.steps(stack)):
        try:
            _undo(stacks, stack, step)
        except _FAILURES as error:
            remaining.insert(0, step)
            told = f"{error}{_remedy(step.resource, error)}"
            problems.append(f"{stack}: Resources.{step.resource.handle.logical_id} could not be put back: {told}")
    if problems:
        stacks.begin(stack, remaining)
        raise DeployError("\n".join(problems))
    stacks.end(stack)


def remove(resources: Iterable[DeployedResource]) -> tuple[tuple[DeployedResource, ...], list[str]]:
    """Remove resources, last first; return those that could not be removed, and why."""
    left: list[DeployedResource] = []
    problems: list[str] = []
    for resource in reversed(list(resources)):
        try:
            _delete(resource)
        except _FAILURES as error:
            left.insert(0, resource)
            handle = resource.handle
            problems.append(
                f"{handle.stack}: Resources.{handle.logical_id} could not be removed: {error}{_remedy(resource, error)}"
            )
    return tuple(left), problems


def _undo(stacks: Stacks, stack: str, step: Step) -> None:
    kind, resource = known_type(step.resource.type), step.resource
    handle = resource.handle
    if step.created:
        expected = handle.physical if step.made else _twice(lambda: kind.expected(handle))
        if expected is not None:
            _delete(replace(resource, handle=replace(handle, physical=expected)), undone=True)
        return
    physical: Physical = _twice(lambda: kind.change(handle.undone))
    if physical.id != handle.id:
        _delete(resource)
    _restore(stacks, stack, handle.logical_id, physical)


def _restore(stacks: Stacks, stack: str, logical_id: str, physical: Physical) -> None:
    """Note what a resource is after its change was undone: a custom one may have another id then."""
    former = stacks.get(stack)
    if former is None or former.resources[logical_id].handle.physical == physical:
        return
    resource = former.resources[logical_id]
    restored = replace(resource, handle=replace(resource.handle, physical=physical))
    stacks.restore(replace(former, resources={**former.resources, logical_id: restored}))


def _delete(resource: DeployedResource, *, undone: bool = False) -> None:
    kind = known_type(resource.type)
    try:
        if undone and kind.discard_delivered:
            kind.discard_delivered(resource.handle)
        _twice(lambda: kind.delete(resource.handle))
    except ClientError as error:
        if not gone(error):
            raise


def _twice(call: Callable[[], _T]) -> _T:
    """Try once more what failed, as CloudFormation does on its way back and when it cleans up."""
    try:
        return call()
    except _FAILURES as error:
        if gone(error):
            raise
        return call()


def _remedy(resource: DeployedResource, error: Exception) -> str:
    name = resource.handle.id
    match code_of(error):
        case "BucketNotEmpty":
            return (
                f" Empty it first, with all versions: `aws s3api list-object-versions --bucket {name}` names them,"
                f" `aws s3 rm s3://{name} --recursive` removes the current ones."
            )
        case "RepositoryNotEmptyException":
            return f" Remove its images first: `aws ecr delete-repository --force --repository-name {name}`."
    return ""
