"""`cdk destroy`, for the local cloud."""

from dataclasses import dataclass, replace

from penstock.errors import DeployError
from penstock.local.deploy.exports import check_exports
from penstock.local.deploy.stacks import DeployedResource, Stacks
from penstock.local.deploy.undo import remove, roll_back


@dataclass(frozen=True)
class Destroyed:
    """A stack that is gone: how many of its resources were removed, and which ones are kept."""

    stack: str
    removed: int
    kept: tuple[DeployedResource, ...]


def destroy(stacks: Stacks, name: str) -> Destroyed:
    """Remove a stack and everything in it that is not to be retained; return what is kept.

    Raises:
        DeployError: there is no such stack, another one imports from it, or something could not be removed: the stack
            then has what is left.
    """
    if name in stacks.cut_off():  # the way back from a deployment failed: first it has to succeed
        roll_back(stacks, name)
    stack = stacks.get(name)
    if stack is None:
        known = ", ".join(other.name for other in stacks.all) or "none"
        raise DeployError(f"{name}: there is no such stack. Deployed: {known}.")
    if stack.protected:
        raise DeployError(
            f"Stack [{name}] cannot be deleted while TerminationProtection is enabled. Deploy it without first."
        )
    check_exports(stacks, name, {})
    kept = tuple(resource for resource in stack.resources.values() if resource.retained)
    doomed = [*stack.left, *(resource for resource in stack.resources.values() if not resource.retained)]
    still_there, problems = remove(doomed)
    if problems:
        # As on AWS (DELETE_FAILED): what was removed is no longer of the stack, and the rest can be tried again.
        left = tuple(resource for resource in still_there if resource in stack.left)
        resources = {
            logical_id: resource
            for logical_id, resource in stack.resources.items()
            if resource in kept or resource in still_there
        }
        stacks.put(replace(stack, resources=resources, left=left))
        raise DeployError("\n".join(problems))
    stacks.remove(name)
    return Destroyed(name, len(doomed), kept)
