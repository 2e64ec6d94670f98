"""One stack on its way to a template: creates, changes and replaces, and notes each step so that it can be undone."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.call_errors import without_answer
from penstock.local.clients import Clients
from penstock.local.deploy.actions import Action, action, desired, wanted
from penstock.local.deploy.existing import refuse_existing
from penstock.local.deploy.intrinsics import Scope
from penstock.local.deploy.resources import known_type
from penstock.local.deploy.resources.base import Handle, Physical, UnfinishedError
from penstock.local.deploy.stacks import DeployedResource, Stacks, Step
from penstock.local.deploy.template import Resource, Template
from penstock.local.service import JsonObject


class Update:
    """The way of one stack from its former resources to those of a template.

    After `apply`, `unwanted` is what is no longer needed: remove it once the deployment has succeeded. If `apply`
    fails, the steps that it noted in `stacks` are to be undone.
    """

    def __init__(
        self,
        *,
        clients: Clients,
        stacks: Stacks,
        template: Template,
        tags: Mapping[str, str],
        imported: Callable[[str], str | None],
    ) -> None:
        former = stacks.get(template.stack)
        self.resources: dict[str, DeployedResource] = {}
        self.unwanted: list[DeployedResource] = []
        self._clients = clients
        self._stacks = stacks
        self._template = template
        self._tags = tags
        self._former: Mapping[str, DeployedResource] = former.resources if former else {}
        self._count = 0
        self._values: dict[str, Any] = dict(template.values)
        self._attributes: dict[str, Mapping[str, str]] = {}
        self.scope = Scope(template.stack, self._values, self._attributes, template.mappings, imported)

    def apply(self) -> None:
        """Make and change resources until they are as the template wants them.

        Raises:
            DeployError: a call failed, or a function gives nothing.
        """
        for resource in self._template.resources.values():
            properties = desired(resource, self.scope, self._tags)
            try:
                handle = self._applied(resource, properties)
            except (BotoCoreError, ClientError, ValueError) as error:
                raise self.scope.error(f"Resources.{resource.logical_id}", f"{resource.type}: {error}") from error
            at_rest = replace(handle, former={})
            self.resources[resource.logical_id] = DeployedResource(resource.type, at_rest, resource.retained)
            self._values[resource.logical_id] = handle.id
            self._attributes[resource.logical_id] = handle.physical.attributes
        gone = [former for name, former in self._former.items() if name not in self.resources and not former.retained]
        self.unwanted += gone

    def _applied(self, resource: Resource, properties: JsonObject) -> Handle:
        former = self._former.get(resource.logical_id)
        what = action(resource.type, properties, former)
        if former is None or what is Action.ADD:
            return self._create(resource, properties)
        if what is Action.KEEP:
            return former.handle
        if what is Action.REPLACE:
            self._check_name(resource, properties, former)
            made = self._create(resource, properties)
            if not resource.retained_if_replaced:
                self.unwanted.append(former)
            return made
        return self._change(resource, wanted(former.handle, properties), former)

    def _create(self, resource: Resource, properties: JsonObject) -> Handle:
        kind, logical_id = known_type(resource.type), resource.logical_id
        generation = self._stacks.next_generation(self._template.stack, logical_id)
        handle = Handle(self._clients, self._template.stack, logical_id, generation, properties)
        others = (other for stack in self._stacks.all for other in stack.resources.values())
        refuse_existing(resource.type, handle, (*self.resources.values(), *others))
        handle = replace(handle, former=kind.made_with(handle))
        step = self._begin(Step(DeployedResource(resource.type, handle, resource.retained), created=True))
        try:
            physical = kind.create(handle)
        except UnfinishedError as error:
            self._made(step, error.physical)
            raise
        except (BotoCoreError, ClientError, ValueError) as error:
            if not without_answer(error):
                self._stacks.void(self._template.stack, self._count)
            raise
        self._made(step, physical)
        handle = replace(handle, physical=physical)
        return replace(handle, physical=kind.change(handle))

    def _change(self, resource: Resource, handle: Handle, former: DeployedResource) -> Handle:
        step = self._begin(Step(DeployedResource(resource.type, handle, resource.retained), created=False))
        physical = known_type(resource.type).change(handle)
        if physical != handle.physical:
            self._made(step, physical)
        if physical.id != handle.id:
            self.unwanted.append(former)
        return replace(handle, physical=physical)

    def _begin(self, step: Step) -> Step:
        self._count += 1
        self._stacks.note(self._template.stack, self._count, step)
        return step

    def _made(self, step: Step, physical: Physical) -> None:
        resource = replace(step.resource, handle=replace(step.resource.handle, physical=physical))
        self._stacks.note(self._template.stack, self._count, Step(resource, step.created, made=True))

    @staticmethod
    def _check_name(resource: Resource, properties: JsonObject, former: DeployedResource) -> None:
        name = known_type(resource.type).name_property
        same_type = former.type == resource.type
        if same_type and name and name in properties and former.handle.properties.get(name) == properties[name]:
            raise ValueError(
                f"this change replaces it, and its {name} {properties[name]!r} is taken until the former one "
                f"is gone. Change {name} as well, as on AWS."
            )
