"""What every resource type has in common: how a type of CloudFormation becomes AWS calls."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from penstock.local.clients import Clients
from penstock.local.deploy.resources.shape import Shape
from penstock.local.service import JsonObject


@dataclass(frozen=True)
class Physical:
    """What of a resource exists: what Ref gives, and what Fn::GetAtt gives."""

    id: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Handle:
    """A resource at hand: where it belongs, what it is to be, and what it was.

    `generation` counts the resources that were made for this logical id before: a replacement needs another name.
    `physical` is there once `create` has returned it.
    """

    clients: Clients
    stack: str
    logical_id: str
    generation: int
    properties: JsonObject
    former: JsonObject = field(default_factory=dict)
    physical: Physical = field(default_factory=lambda: Physical(""))

    @property
    def id(self) -> str:
        """The physical id: what Ref gives."""
        return self.physical.id

    def client(self, service: str) -> Any:
        """Return the boto3 client of a service."""
        return self.clients.operator(service)

    def changed(self, *names: str) -> bool:
        """Tell whether one of the named properties differs from the former one."""
        return any(self.properties.get(name) != self.former.get(name) for name in names)

    def given(self, *names: str) -> JsonObject:
        """Return those of the named properties that the template gives."""
        return {name: self.properties[name] for name in names if name in self.properties}

    def name(self, longest: int) -> str:
        """Return a physical name as CloudFormation makes them, but the same one every time."""
        digest = hashlib.sha256(f"{self.stack}/{self.logical_id}/{self.generation}".encode()).digest()
        suffix = base64.b32encode(digest).decode()[:12]
        return f"{f'{self.stack}-{self.logical_id}'[: longest - 13]}-{suffix}"

    def arn(self, service: str, rest: str) -> str:
        """Return the ARN of something in the clients' account and region."""
        clients = self.clients
        return f"arn:{partition(clients.region)}:{service}:{clients.region}:{clients.account}:{rest}"


@dataclass(frozen=True)
class ResourceType:
    """How one type of CloudFormation becomes AWS calls.

    `create` makes the resource in at most one call, so that a failure leaves nothing that nobody knows of. `configure`
    then applies the properties that differ from `former`: first those that are not in `created_with`, later every
    change. Without it, every change replaces the resource; so does one of `replaced_by`.
    """

    properties: dict[str, Shape]
    create: Callable[[Handle], Physical]
    delete: Callable[[Handle], object]
    configure: Callable[[Handle], object] | None = None
    required: tuple[str, ...] = ()
    created_with: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    name_property: str | None = None  # the property that names the resource, where the template may


def partition(region: str) -> str:
    """Return the partition that a region is in."""
    return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(region.rsplit("-", 2)[0], "aws")


def document(value: Any) -> str:
    """Return a policy document as the text that the services take."""
    return json.dumps(value, separators=(",", ":"))


def lower_camel(value: Any) -> Any:
    """Return a value with every key's first letter in lower case, as some services name their parameters."""
    if isinstance(value, list):
        return [lower_camel(item) for item in value]
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: lower_camel(item) for key, item in value.items()}
    return value


def without(items: list[str], others: list[str]) -> list[str]:
    """Return the items that are not among the others."""
    return [item for item in items if item not in others]
