"""A template as it is to be deployed: parameters given, conditions applied, resources in dependency order."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from penstock.errors import DeployError
from penstock.local.deploy.conditions import Conditions, broken_rules
from penstock.local.deploy.form import malformed
from penstock.local.deploy.intrinsics import Reference, Scope, references
from penstock.local.deploy.limits import beyond_limits
from penstock.local.deploy.parameters import parameter_values
from penstock.local.service import JsonObject

_SECTIONS = {
    *("AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Mappings"),
    *("Conditions", "Rules", "Resources", "Outputs"),
}
# RetainExceptOnCreate is Retain here: whatever a failed deployment made is removed in any case.
_POLICIES = {
    "DeletionPolicy": ("Delete", "Retain", "RetainExceptOnCreate"),
    "UpdateReplacePolicy": ("Delete", "Retain", "RetainExceptOnCreate"),
}
_RESOURCE = {"Type", "Properties", "DependsOn", "Condition", "Metadata", *_POLICIES}


@dataclass(frozen=True)
class Resource:
    """A resource of a template; functions other than Fn::If are still in its properties."""

    logical_id: str
    type: str
    properties: JsonObject
    references: tuple[Reference, ...]
    depends_on: tuple[str, ...]
    retained: bool  # when it is removed from the template, or the stack is
    retained_if_replaced: bool

    @property
    def needs(self) -> tuple[str, ...]:
        """The names that it refers to or depends on."""
        return (*self.depends_on, *(reference.name for reference in self.references))

    @property
    def path(self) -> str:
        """Where the properties are in the template."""
        return f"Resources.{self.logical_id}.Properties"


@dataclass(frozen=True)
class Output:
    """An output of a template; `export` is None unless other stacks may import it."""

    name: str
    value: Any
    export: Any
    references: tuple[Reference, ...]


@dataclass(frozen=True)
class Template:
    """What a stack is to be; `resources` are in the order in which they can be made."""

    stack: str
    values: Mapping[str, Any]  # parameters and pseudo parameters
    mappings: JsonObject
    resources: Mapping[str, Resource]
    outputs: tuple[Output, ...]

    @property
    def references(self) -> Iterator[Reference]:
        """Everything that resources and outputs refer to."""
        return _references(self.resources, self.outputs)


def read_template(
    stack: str,
    document: JsonObject,
    *,
    pseudo: Mapping[str, str],
    given: Mapping[str, str],
    stored: Callable[[str], str | None],
) -> Template:
    """Read a template with the given parameters; `stored` looks a parameter of the Systems Manager up.

    Raises:
        DeployError: the template is wrong in itself; the message lists everything that is.
    """
    return _Reader(stack, document).read(pseudo, given, stored)


class _Reader:
    """Collects what is wrong with one template."""

    def __init__(self, stack: str, document: JsonObject) -> None:
        self._stack = stack
        self._document = document
        self._problems: list[str] = []

    def read(
        self, pseudo: Mapping[str, str], given: Mapping[str, str], stored: Callable[[str], str | None]
    ) -> Template:
        if problems := [f"{self._stack}: {problem}" for problem in malformed(self._document)]:
            raise DeployError("\n".join(problems))
        self._refuse_unknown(self._document, _SECTIONS, "the template")
        self._problems += [f"{self._stack}: {problem}" for problem in beyond_limits(self._document)]
        values = {**pseudo} | parameter_values(self._section("Parameters"), given, stored, self._stack)
        mappings = self._section("Mappings")
        scope = Scope(self._stack, values, attributes={}, mappings=mappings, imported=lambda _: None)
        conditions = Conditions(self._section("Conditions"), scope)
        self._problems += [f"{self._stack}: {rule}" for rule in broken_rules(self._section("Rules"), conditions)]
        resources = {resource.logical_id: resource for resource in self._resources(conditions)}
        outputs = tuple(self._outputs(conditions))
        if not self._problems:  # else what is left out here would look like a wrong reference there
            self._check_references(resources, outputs, values)
        if self._problems:
            raise DeployError("\n".join(self._problems))
        return Template(self._stack, values, mappings, self._in_order(resources), outputs)

    def _resources(self, conditions: Conditions) -> Iterator[Resource]:
        for logical_id, entry in self._section("Resources").items():
            path = f"Resources.{logical_id}"
            self._refuse_unknown(entry, _RESOURCE, path)
            try:
                if "Condition" not in entry or conditions.holds(entry["Condition"], path):
                    yield self._resource(logical_id, entry, conditions)
            except DeployError as error:
                self._problems.append(str(error))

    def _resource(self, logical_id: str, entry: JsonObject, conditions: Conditions) -> Resource:
        path = f"Resources.{logical_id}"
        for policy, allowed in _POLICIES.items():
            if entry.get(policy, "Delete") not in allowed:
                known = " or ".join(allowed)
                raise DeployError(f"{self._stack}: {path}.{policy}: {entry[policy]!r} is not {known}.")
        properties = conditions.applied(entry.get("Properties", {}), f"{path}.Properties")
        depends_on = entry.get("DependsOn", [])
        return Resource(
            logical_id=logical_id,
            type=entry["Type"],
            properties=properties,
            references=tuple(references(properties, f"{path}.Properties", self._stack)),
            depends_on=(depends_on,) if isinstance(depends_on, str) else tuple(depends_on),
            retained=entry.get("DeletionPolicy", "Delete") != "Delete",
            retained_if_replaced=entry.get("UpdateReplacePolicy", "Delete") != "Delete",
        )

    def _outputs(self, conditions: Conditions) -> Iterator[Output]:
        for name, entry in self._section("Outputs").items():
            path = f"Outputs.{name}"
            self._refuse_unknown(entry, {"Value", "Export", "Description", "Condition"}, path)
            try:
                if "Condition" not in entry or conditions.holds(entry["Condition"], path):
                    yield self._output(name, conditions.applied(entry, path))
            except DeployError as error:
                self._problems.append(str(error))

    def _output(self, name: str, entry: JsonObject) -> Output:
        export = entry.get("Export", {}).get("Name")
        found = references({"Value": entry["Value"], "Export": export}, f"Outputs.{name}", self._stack)
        return Output(name, entry["Value"], export, tuple(found))

    def _check_references(
        self, resources: Mapping[str, Resource], outputs: tuple[Output, ...], values: Mapping[str, Any]
    ) -> None:
        for reference in _references(resources, outputs):
            if reference.name not in resources and (reference.attribute or reference.name not in values):
                self._problems.append(
                    f"{self._stack}: {reference.path}: {reference.name!r} is neither a resource nor a parameter here."
                )
        for resource in resources.values():
            for name in resource.depends_on:
                # CloudFormation leaves out a dependency on what a condition leaves out.
                if name not in self._section("Resources"):
                    path = f"Resources.{resource.logical_id}.DependsOn"
                    self._problems.append(f"{self._stack}: {path}: {name!r} is not a resource of this template.")

    def _in_order(self, resources: Mapping[str, Resource]) -> dict[str, Resource]:
        """Sort by dependency, in the template's own order wherever that leaves a choice."""
        order: dict[str, Resource] = {}

        def visit(name: str, users: tuple[str, ...]) -> None:
            if name in users:
                circle = " → ".join([*users[users.index(name) :], name])
                raise DeployError(f"{self._stack}: these resources depend on each other in a circle: {circle}.")
            if name in resources and name not in order:
                for needed in resources[name].needs:
                    visit(needed, (*users, name))
                order[name] = resources[name]

        for name in resources:
            visit(name, ())
        return order

    def _refuse_unknown(self, entry: JsonObject, known: set[str], path: str) -> None:
        if unknown := entry.keys() - known:
            names = ", ".join(sorted(unknown))
            self._problems.append(f"{self._stack}: {path}: unknown {names}. Known: {', '.join(sorted(known))}.")

    def _section(self, name: str) -> JsonObject:
        section: JsonObject = self._document.get(name, {})
        return section


def _references(resources: Mapping[str, Resource], outputs: tuple[Output, ...]) -> Iterator[Reference]:
    for resource in resources.values():
        yield from resource.references
    for output in outputs:
        yield from output.references
