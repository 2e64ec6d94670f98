"""What a cloud remembers of its stacks: as they were last deployed, and how far a deployment under way has come."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from penstock.local.clients import Clients
from penstock.local.deploy.resources.base import Handle, Physical
from penstock.local.service import JsonObject
from penstock.local.store import Store

_STACK, _DEPLOYMENT, _NAMES = "stack", "stack-deployment", "stack-names"


@dataclass(frozen=True)
class DeployedResource:
    """A resource of a stack as it was last deployed, with its resolved properties."""

    type: str
    handle: Handle
    retained: bool  # when it is removed from the template, or the stack is


@dataclass(frozen=True)
class DeployedStack:
    """A stack as it was last deployed.

    `number` counts deployments of new stacks: a later one may depend on an earlier one. `left` is what the last
    deployment could not remove; the next one tries again. `problems` say why, until then.
    """

    name: str
    stage: str
    number: int
    outputs: Mapping[str, str]
    resources: Mapping[str, DeployedResource]
    exports: Mapping[str, str]
    imports: frozenset[str]
    left: tuple[DeployedResource, ...] = ()
    protected: bool = False  # from being removed
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A resource that a deployment has made (`created`) or changed, or was about to when it was cut off.

    `made` tells whether the call is known to have ended well; the resource's physical part is then as it said.
    """

    resource: DeployedResource
    created: bool
    made: bool = False


class Stacks:
    """The stacks by name, kept in a store."""

    def __init__(self, clients: Clients, store: Store) -> None:
        self._clients = clients
        self._store = store
        self._stacks = {name: self._stack(record) for name, record in store.all(_STACK).items()}
        self._names = store.all(_NAMES)
        self._under_way: dict[str, str] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._stacks

    def get(self, name: str) -> DeployedStack | None:
        """Return a stack, or None."""
        return self._stacks.get(name)

    @property
    def all(self) -> tuple[DeployedStack, ...]:
        """The stacks in the order in which they were first deployed."""
        return tuple(sorted(self._stacks.values(), key=lambda stack: stack.number))

    def put(self, stack: DeployedStack) -> None:
        """Remember a stack as it is from now on: a deployment of it that was under way has succeeded."""
        self._put(stack, self._under_way.get(stack.name))

    def restore(self, stack: DeployedStack) -> None:
        """Remember a stack as it is on the way back to what it was."""
        self._put(stack, None)

    def _put(self, stack: DeployedStack, deployment: str | None) -> None:
        self._stacks[stack.name] = stack
        self._store.put(_STACK, stack.name, _stack_record(stack) | {"deployment": deployment})

    def remove(self, name: str) -> None:
        """Forget a stack that is no longer there; its names stay taken, by what it retained."""
        self._stacks.pop(name, None)
        self._store.remove(_STACK, name)

    def next_generation(self, stack: str, logical_id: str) -> int:
        """Count the resources that are made for a logical id, from 0."""
        names = self._names.setdefault(stack, {})
        names[logical_id] = names.get(logical_id, -1) + 1
        self._store.put(_NAMES, stack, names)
        generation: int = names[logical_id]
        return generation

    def begin(self, stack: str, steps: Iterable[Step] = ()) -> None:
        """Note that a deployment of a stack has begun, or that these of its steps are still to be undone."""
        self._store.remove(_DEPLOYMENT, stack)
        self._under_way[stack] = str(uuid.uuid4())
        self._store.put(_DEPLOYMENT, stack, {"id": self._under_way[stack]})
        for number, step in enumerate(steps):
            self.note(stack, number, step)

    def note(self, stack: str, number: int, step: Step) -> None:
        """Note a step of the deployment under way, or how it ended."""
        self._store.append(_DEPLOYMENT, stack, {"number": number} | _step_record(step))

    def void(self, stack: str, number: int) -> None:
        """Note that a step had no effect."""
        self._store.append(_DEPLOYMENT, stack, {"number": number})

    def end(self, stack: str) -> None:
        """Note that no deployment is under way."""
        self._under_way.pop(stack, None)
        self._store.remove(_DEPLOYMENT, stack)

    def cut_off(self) -> tuple[str, ...]:
        """Return the names of the stacks whose deployment has not come to an end."""
        done = {name: record["deployment"] for name, record in self._store.all(_STACK).items()}
        under_way = self._store.all(_DEPLOYMENT)
        # A stack is put before its deployment is ended: what is killed in between has ended well.
        return tuple(name for name, record in under_way.items() if record["id"] != done.get(name))

    def steps(self, stack: str) -> list[Step]:
        """Return the steps of the deployment under way, as far as they had or may have had an effect."""
        records: dict[int, JsonObject] = {}
        for line in self._store.lines(_DEPLOYMENT, stack):
            records[line["number"]] = line
        return [
            Step(self._resource(stack, record["resource"]), record["created"], record["made"])
            for record in records.values()
            if "resource" in record
        ]

    def _stack(self, record: JsonObject) -> DeployedStack:
        name = record["name"]
        resources = [self._resource(name, entry) for entry in record["resources"]]
        return DeployedStack(
            name=name,
            stage=record["stage"],
            number=record["number"],
            outputs=record["outputs"],
            resources={entry.handle.logical_id: entry for entry in resources},
            exports=record["exports"],
            imports=frozenset(record["imports"]),
            left=tuple(self._resource(name, entry) for entry in record["left"]),
            protected=record["protected"],
        )

    def _resource(self, stack: str, record: JsonObject) -> DeployedResource:
        physical = Physical(record["id"], record["attributes"], record["secret"])
        handle = Handle(
            self._clients,
            stack,
            record["logical_id"],
            record["generation"],
            record["properties"],
            record["former"],
            physical,
        )
        return DeployedResource(record["type"], handle, record["retained"])


def _stack_record(stack: DeployedStack) -> JsonObject:
    return {
        "name": stack.name,
        "stage": stack.stage,
        "number": stack.number,
        "outputs": dict(stack.outputs),
        "resources": [_resource_record(resource) for resource in stack.resources.values()],
        "exports": dict(stack.exports),
        "imports": sorted(stack.imports),
        "left": [_resource_record(resource) for resource in stack.left],
        "protected": stack.protected,
    }


def _step_record(step: Step) -> JsonObject:
    return {"resource": _resource_record(step.resource), "created": step.created, "made": step.made}


def _resource_record(resource: DeployedResource) -> JsonObject:
    handle = resource.handle
    return {
        "type": resource.type,
        "retained": resource.retained,
        "logical_id": handle.logical_id,
        "generation": handle.generation,
        "properties": handle.properties,
        "former": handle.former,
        "id": handle.id,
        "attributes": dict(handle.physical.attributes),
        "secret": handle.physical.secret,
    }
