"""What becomes of a resource when its stack is deployed: kept, made, changed in place or replaced."""

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum

from penstock.local.deploy.intrinsics import Scope, resolve
from penstock.local.deploy.resources import known_type
from penstock.local.deploy.resources.base import Handle
from penstock.local.deploy.resources.shape import Leaf
from penstock.local.deploy.resources.tags import with_stack_tags
from penstock.local.deploy.stacks import DeployedResource
from penstock.local.deploy.template import Resource
from penstock.local.service import JsonObject


class Action(Enum):
    """What a deployment does with a resource."""

    KEEP = "keep"
    ADD = "add"
    CHANGE = "change"
    REPLACE = "replace"


def desired(resource: Resource, scope: Scope, tags: Mapping[str, str]) -> JsonObject:
    """Return the properties that a resource is to have: resolved, with the tags of its stack.

    Raises:
        DeployError: a function gives nothing.
    """
    properties: JsonObject = resolve(resource.properties, scope, resource.path)
    shape = known_type(resource.type).properties.get("Tags")
    if not tags or shape is None:
        return properties
    own = properties.get("Tags", {} if shape is Leaf.JSON else [])
    return properties | {"Tags": with_stack_tags(own, tags)}


def action(kind: str, properties: JsonObject, former: DeployedResource | None) -> Action:
    """Tell what a deployment does with a resource of a type."""
    if former is None:
        return Action.ADD
    if former.type != kind:
        return Action.REPLACE
    if former.handle.properties == properties:
        return Action.KEEP
    return Action.REPLACE if known_type(kind).replaced(wanted(former.handle, properties)) else Action.CHANGE


def wanted(former: Handle, properties: JsonObject) -> Handle:
    """Return a deployed resource on its way to other properties."""
    return replace(former, properties=properties, former=former.properties)
