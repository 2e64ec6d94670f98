"""Tags of resources: those of the template and those of its stack, as each service takes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from penstock.local.deploy.intrinsics import text
from penstock.local.deploy.resources.base import Handle
from penstock.local.deploy.resources.shape import VALUE, Shape

TAGS: Shape = [{"Key": VALUE, "Value": VALUE}]


def pairs(key: str = "Key", value: str = "Value") -> Callable[[Mapping[str, str]], Any]:
    """Return what writes tags as a list of objects, with these names of their members."""
    return lambda tags: [{key: name, value: item} for name, item in tags.items()]


_KEYS_AND_VALUES = pairs()


@dataclass(frozen=True)
class Tagging:
    """The two operations by which a service tags; `where` gives the parameters that name the resource."""

    service: str
    where: Callable[[Handle], Mapping[str, str]]
    tag: str = "tag_resource"
    untag: str = "untag_resource"
    tags: str = "Tags"
    keys: str = "TagKeys"
    write: Callable[[Mapping[str, str]], Any] = _KEYS_AND_VALUES

    def apply(self, resource: Handle) -> None:
        """Put the tags that a resource has not got yet, and remove those that it is no longer to have."""
        before, after = read(resource.former.get("Tags")), read(resource.properties.get("Tags"))
        client, where = resource.client(self.service), self.where(resource)
        if new := {key: value for key, value in after.items() if before.get(key) != value}:
            getattr(client, self.tag)(**where, **{self.tags: self.write(new)})
        if gone := [key for key in before if key not in after]:
            getattr(client, self.untag)(**where, **{self.keys: gone})


def read(tags: Any) -> dict[str, str]:
    """Return tags by key, from a list of keys and values as most types have it, or from a map."""
    if isinstance(tags, dict):
        return {key: text(value) for key, value in tags.items()}
    return {tag["Key"]: text(tag["Value"]) for tag in tags or []}


def with_stack_tags(tags: Any, of_stack: Mapping[str, str]) -> Any:
    """Add a stack's tags to those of a resource, in the resource's form; the resource's own win."""
    if isinstance(tags, dict):
        return {**of_stack, **tags}
    own = list(tags or [])
    keys = {tag["Key"] for tag in own}
    return own + [{"Key": key, "Value": value} for key, value in of_stack.items() if key not in keys]
