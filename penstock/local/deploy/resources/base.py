"""What every resource type has in common: how a type of CloudFormation becomes AWS calls."""

import base64
import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from penstock.local.clients import Clients
from penstock.local.deploy.resources.client import Lenient
from penstock.local.deploy.resources.shape import Shape
from penstock.local.service import JsonObject

if TYPE_CHECKING:
    from penstock.local.deploy.resources.tags import Tagging


@dataclass(frozen=True)
class Physical:
    """What of a resource exists: what Ref gives, and what Fn::GetAtt gives."""

    id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    secret: bool = False  # its attributes are not to be shown


class UnfinishedError(ValueError):
    """Making a resource failed, and left something that must be removed: `physical`."""

    def __init__(self, message: str, physical: Physical) -> None:
        super().__init__(message)
        self.physical = physical


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

    @property
    def undone(self) -> "Handle":
        """The same resource on its way back to what it was."""
        return replace(self, properties=self.former, former=self.properties)

    def client(self, service: str) -> Any:
        """Return the boto3 client of a service, lenient with the types of single values."""
        return Lenient(self.clients.operator(service))

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


@dataclass(frozen=True)
class ResourceType:
    """How one type of CloudFormation becomes AWS calls.

    `exists` looks whether what is to be made is there already, and thus somebody else's: it returns something then.
    Without it, nothing can be in the way. `create` makes the resource in at most one call, so that a failure leaves
    nothing that nobody knows of. `expected` says what a call whose answer was lost has made, if it made anything.
    `configure` then applies the properties that differ from `former`: first those that are not in `created_with`,
    later every change; a Physical that it returns takes the place of the former one. Without it, every change
    replaces the resource; so does one of `replaced_by`. `attributes` is None where they are known only when it is made.
    `discard_delivered` removes what services have delivered into it, when its creation is undone: what AWS delivers
    after hours is there at once here.
    """

    properties: dict[str, Shape]
    create: Callable[[Handle], Physical]
    expected: Callable[[Handle], Physical | None]
    delete: Callable[[Handle], object]
    configure: Callable[[Handle], object] | None = None
    required: tuple[str, ...] = ()
    created_with: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    attributes: tuple[str, ...] | None = ()
    name_property: str | None = None  # the property that names the resource, where the template may
    tagging: "Tagging | None" = None  # then it has Tags, and gets those of its stack
    exists: Callable[[Handle], object] | None = None
    discard_delivered: Callable[[Handle], object] | None = None
    open: bool = False  # it may have any property

    def change(self, resource: Handle) -> Physical:
        """Bring a resource from its former properties to those that it is to have; return what it then is."""
        physical = resource.physical
        if self.configure and self._own(resource.properties) != self._own(resource.former):
            result = self.configure(resource)
            physical = result if isinstance(result, Physical) else physical
        if self.tagging and resource.changed("Tags"):
            self.tagging.apply(replace(resource, physical=physical))
        return physical

    def replaced(self, wanted: Handle) -> bool:
        """Tell whether a change of properties needs another resource."""
        if self.configure is None and self._own(wanted.properties) != self._own(wanted.former):
            return True
        return wanted.changed(*self.replaced_by)

    def made_with(self, resource: Handle) -> JsonObject:
        """Return the properties that a resource has from its creation on."""
        return resource.properties if self.open else resource.given(*self.created_with)

    def _own(self, properties: JsonObject) -> JsonObject:
        return {name: value for name, value in properties.items() if not self.tagging or name != "Tags"}


def stack_id(clients: Clients, stack: str) -> str:
    """Return the ARN of a stack, which is the same every time."""
    return clients.arn("cloudformation", f"stack/{stack}/{uuid.uuid5(uuid.NAMESPACE_URL, stack)}")


def assets_bucket(clients: Clients) -> str:
    """Return the name of the bucket that `cdk bootstrap` makes for assets."""
    return f"cdk-hnb659fds-assets-{clients.account}-{clients.region}"


def document(value: Any) -> str:
    """Return a policy document as the text that the services take."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


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
