"""What a deployment would change: a plan of it, made without a call."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from penstock.errors import DeployError
from penstock.local.deploy.actions import Action, action, desired
from penstock.local.deploy.comparison import ValueChange, compared
from penstock.local.deploy.exports import outputs_and_exports
from penstock.local.deploy.intrinsics import Scope
from penstock.local.deploy.resources import known_type
from penstock.local.deploy.stacks import DeployedResource, DeployedStack
from penstock.local.deploy.statements import StatementChange, statement_changes
from penstock.local.deploy.template import Resource, Template
from penstock.local.service import JsonObject

_LATER = "(known after the deployment)"
_MASK = "*****"


@dataclass(frozen=True)
class ResourceDifference:
    """What becomes of a resource: "add", "change", "replace", "remove" or "retain"; `because` are the properties."""

    logical_id: str
    type: str
    what: str
    id: str
    properties: tuple[ValueChange, ...]
    because: tuple[str, ...]
    statements: tuple[StatementChange, ...]


@dataclass(frozen=True)
class StackDifference:
    """What becomes of a stack; empty where nothing changes."""

    stack: str
    new: bool
    resources: tuple[ResourceDifference, ...]
    outputs: tuple[ValueChange, ...]


class _Pending(dict[str, str]):
    """The attributes of a resource that is not there yet, as Fn::Sub would name them."""

    def __init__(self, logical_id: str) -> None:
        super().__init__()
        self._logical_id = logical_id

    def __contains__(self, attribute: object) -> bool:
        return True

    def __missing__(self, attribute: str) -> str:
        return f"${{{self._logical_id}.{attribute}}}"


def difference(
    template: Template, tags: Mapping[str, str], former: DeployedStack | None, exports: Mapping[str, str]
) -> tuple[StackDifference, dict[str, str]]:
    """Return what deploying a template would change, and what the stack would then export.

    `exports` is what the stacks before it export, or would.
    """
    return _Plan(template, tags, former, exports).made()


class _Plan:
    """One stack's way to a template, as an update would go it."""

    def __init__(
        self, template: Template, tags: Mapping[str, str], former: DeployedStack | None, exports: Mapping[str, str]
    ) -> None:
        self._template = template
        self._tags = tags
        self._former = former
        self._deployed: Mapping[str, DeployedResource] = former.resources if former else {}
        self._values: dict[str, Any] = dict(template.values)
        self._attributes: dict[str, Mapping[str, str]] = {}
        self._scope = Scope(
            template.stack, self._values, self._attributes, template.mappings, lambda name: exports.get(name, _LATER)
        )

    def made(self) -> tuple[StackDifference, dict[str, str]]:
        found = [change for resource in self._template.resources.values() for change in self._of(resource)]
        found += [_removal(entry) for name, entry in self._deployed.items() if name not in self._template.resources]
        secret = frozenset(name for name, entry in self._deployed.items() if entry.handle.physical.secret)
        outputs, exported = outputs_and_exports(self._template, self._scope, secret)
        changed = compared(dict(self._former.outputs) if self._former else {}, outputs)
        return StackDifference(self._template.stack, self._former is None, tuple(found), tuple(changed)), exported

    def _of(self, resource: Resource) -> Iterator[ResourceDifference]:
        former = self._deployed.get(resource.logical_id)
        properties = self._desired(resource)
        what = action(resource.type, properties, former)
        if former is None or what in {Action.ADD, Action.REPLACE}:
            self._values[resource.logical_id] = f"${{{resource.logical_id}}}"
            self._attributes[resource.logical_id] = _Pending(resource.logical_id)
        else:
            self._values[resource.logical_id] = former.handle.id
            self._attributes[resource.logical_id] = former.handle.physical.attributes
        if what is not Action.KEEP:
            yield _change(resource, what, properties, former)

    def _desired(self, resource: Resource) -> JsonObject:
        try:
            return desired(resource, self._scope, self._tags)
        except DeployError:
            if not self._waits(resource):
                raise
        # A function takes apart what is not there yet, such as an ARN: what it gives is known later.
        return {name: self._property(resource, name) for name in resource.properties}

    def _property(self, resource: Resource, name: str) -> Any:
        try:
            return desired(_with_only(resource, name), self._scope, {})[name]
        except DeployError:
            return _LATER

    def _waits(self, resource: Resource) -> bool:
        return any(isinstance(self._attributes.get(reference.name), _Pending) for reference in resource.references)


def _with_only(resource: Resource, name: str) -> Resource:
    return Resource(
        resource.logical_id,
        resource.type,
        {name: resource.properties[name]},
        resource.references,
        resource.depends_on,
        retained=resource.retained,
        retained_if_replaced=resource.retained_if_replaced,
    )


def _change(
    resource: Resource, what: Action, properties: JsonObject, former: DeployedResource | None
) -> ResourceDifference:
    before = former.handle.properties if former else {}
    kind = known_type(resource.type)
    because: tuple[str, ...] = ()
    if what is Action.REPLACE and former:
        changed = [name for name in {**before, **properties} if before.get(name) != properties.get(name)]
        because = tuple(name for name in changed if name in kind.replaced_by or kind.configure is None) or ("Type",)
    return ResourceDifference(
        logical_id=resource.logical_id,
        type=resource.type,
        what=what.value,
        id=former.handle.id if former else "",
        properties=tuple(compared(before, properties)),
        because=because,
        statements=tuple(statement_changes(resource.logical_id, before, properties)),
    )


def _removal(resource: DeployedResource) -> ResourceDifference:
    handle = resource.handle
    return ResourceDifference(
        logical_id=handle.logical_id,
        type=resource.type,
        what="retain" if resource.retained else "remove",
        id=handle.id,
        properties=(),
        because=(),
        statements=() if resource.retained else tuple(statement_changes(handle.logical_id, handle.properties, {})),
    )
