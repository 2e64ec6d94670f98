"""One stack on its way to a template: creates, changes, replaces and removes, or puts everything back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from penstock.errors import DeployError
from penstock.local.clients import Clients
from penstock.local.deploy.intrinsics import Scope, resolve
from penstock.local.deploy.resources import TYPES
from penstock.local.deploy.resources.base import Handle
from penstock.local.deploy.template import Resource, Template
from penstock.local.service import JsonObject

# The codes by which services say that what is to be removed is not there.
_GONE = ("NoSuch", "NotFound", "DoesNotExist")


@dataclass(frozen=True)
class DeployedResource:
    """A resource of a stack as it was last deployed, with its resolved properties."""

    type: str
    handle: Handle
    retained: bool  # when it is removed from the template, or the stack is


class Update:
    """The way of one stack from its former resources to those of a template.

    Use: `apply`, then `finish`, which removes what is no longer wanted; or, after any failure of `apply`, `roll_back`.
    `generation` counts the resources that were made for a logical id of this stack before.
    """

    def __init__(
        self,
        *,
        clients: Clients,
        template: Template,
        former: Mapping[str, DeployedResource],
        imported: Callable[[str], str | None],
        generation: Callable[[str], int],
    ) -> None:
        self.resources: dict[str, DeployedResource] = {}
        self._clients = clients
        self._template = template
        self._former = former
        self._generation = generation
        self._undo: list[tuple[str, Callable[[], object]]] = []
        self._replaced: set[str] = set()
        self._values: dict[str, Any] = dict(template.values)
        self._attributes: dict[str, Mapping[str, str]] = {}
        self.scope = Scope(template.stack, self._values, self._attributes, template.mappings, imported)

    def apply(self) -> None:
        """Make and change resources until they are as the template wants them.

        Raises:
            DeployError: a call failed, or a function gives nothing.
        """
        for resource in self._template.resources.values():
            properties = resolve(resource.properties, self.scope, resource.path)
            try:
                handle = self._applied(resource, properties)
            except (BotoCoreError, ClientError, ValueError) as error:
                raise self.scope.error(f"Resources.{resource.logical_id}", f"{resource.type}: {error}") from error
            self.resources[resource.logical_id] = DeployedResource(resource.type, handle, resource.retained)
            self._values[resource.logical_id] = handle.id
            self._attributes[resource.logical_id] = handle.physical.attributes

    def finish(self) -> None:
        """Remove what was replaced and what the template no longer has.

        Raises:
            DeployError: something could not be removed; the rest is.
        """
        remove(former for name, former in self._former.items() if self._unwanted(name, former))

    def roll_back(self) -> None:
        """Remove what was made and restore what was changed, last first.

        Raises:
            DeployError: something could not be put back; the rest is.
        """
        _all_in_turn(self._template.stack, "put back", reversed(self._undo))

    def _unwanted(self, name: str, former: DeployedResource) -> bool:
        if name in self._replaced:
            return not self._template.resources[name].retained_if_replaced
        return name not in self.resources and not former.retained

    def _applied(self, resource: Resource, properties: JsonObject) -> Handle:
        former = self._former.get(resource.logical_id)
        if former is None:
            return self._create(resource, properties)
        if former.type == resource.type and former.handle.properties == properties:
            return former.handle
        wanted = replace(former.handle, properties=properties, former=former.handle.properties)
        kind = TYPES[resource.type]
        if former.type != resource.type or kind.configure is None or wanted.changed(*kind.replaced_by):
            self._check_name(resource, wanted)
            self._replaced.add(resource.logical_id)
            return self._create(resource, properties)
        # Noted first: a change that fails half-way is to be undone as well.
        undone = replace(wanted, properties=wanted.former, former=properties)
        self._undo.append((resource.logical_id, partial(kind.configure, undone)))
        kind.configure(wanted)
        return wanted

    def _create(self, resource: Resource, properties: JsonObject) -> Handle:
        kind, logical_id = TYPES[resource.type], resource.logical_id
        generation = self._generation(logical_id)
        handle = Handle(self._clients, self._template.stack, logical_id, generation, properties)
        handle = replace(handle, former=handle.given(*kind.created_with), physical=kind.create(handle))
        self._undo.append((logical_id, partial(kind.delete, handle)))
        if kind.configure and handle.former != properties:
            kind.configure(handle)
        return handle

    @staticmethod
    def _check_name(resource: Resource, wanted: Handle) -> None:
        name = TYPES[resource.type].name_property
        if name and name in wanted.properties and not wanted.changed(name):
            raise ValueError(
                f"this change replaces it, and its {name} {wanted.properties[name]!r} is taken until the former one "
                f"is gone. Change {name} as well, as on AWS."
            )


def remove(resources: Iterable[DeployedResource]) -> None:
    """Remove resources, last first.

    Raises:
        DeployError: some could not be removed; the message lists them, and the others are.
    """
    last_first = list(resources)[::-1]
    stack = last_first[0].handle.stack if last_first else ""
    removals = [(entry.handle.logical_id, partial(TYPES[entry.type].delete, entry.handle)) for entry in last_first]
    _all_in_turn(stack, "removed", removals)


def _all_in_turn(stack: str, done: str, steps: Iterable[tuple[str, Callable[[], object]]]) -> None:
    problems = []
    for logical_id, step in steps:
        try:
            step()
        except (BotoCoreError, ClientError) as error:
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
            if not any(word in code for word in _GONE):
                problems.append(f"{stack}: Resources.{logical_id} could not be {done}: {error}")
    if problems:
        raise DeployError("\n".join(problems))
