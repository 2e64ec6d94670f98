"""What stacks give each other: outputs, exports and imports."""

from collections.abc import Iterable, Mapping

from penstock.errors import DeployError
from penstock.local.deploy.intrinsics import Scope, resolve, text
from penstock.local.deploy.stacks import DeployedResource, DeployedStack, Stacks
from penstock.local.deploy.template import Output, Template

_MASK = "*****"


def exports_of(stacks: Iterable[DeployedStack]) -> dict[str, str]:
    """Return everything that stacks export, by name."""
    return {name: value for stack in stacks for name, value in stack.exports.items()}


def outputs_and_exports(
    template: Template, scope: Scope, secret: frozenset[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the outputs of a template and what it exports; the attributes of `secret` resources are masked.

    Raises:
        DeployError: a function in them gives nothing.
    """
    outputs: dict[str, str] = {}
    exports: dict[str, str] = {}
    for output in template.outputs:
        path = f"Outputs.{output.name}"
        value = resolve(output.value, scope, f"{path}.Value")
        outputs[output.name] = _MASK if _shows(output, secret) else text(value)
        if output.export is not None:
            exports[resolve(output.export, scope, f"{path}.Export.Name")] = text(value)
    return outputs, exports


def _shows(output: Output, secret: frozenset[str]) -> bool:
    return any(reference.attribute and reference.name in secret for reference in output.references)


def described(
    template: Template,
    scope: Scope,
    resources: Mapping[str, DeployedResource],
    taken: Mapping[str, str],
    imports: frozenset[str],
) -> DeployedStack:
    """Return a stack as it has been deployed; `taken` is what other stacks export.

    Raises:
        DeployError: an output is wrong, or exports a name that is taken.
    """
    secret = frozenset(name for name, resource in resources.items() if resource.handle.physical.secret)
    outputs, exports = outputs_and_exports(template, scope, secret)
    if clash := exports.keys() & taken.keys():
        raise DeployError(f"{template.stack}: another stack exports {', '.join(sorted(clash))} already.")
    return DeployedStack(template.stack, "", 0, outputs, resources, exports, imports)


def check_exports(stacks: Stacks, name: str, exports: Mapping[str, str]) -> None:
    """Check that what a stack no longer exports, or exports with another value, is not imported.

    Raises:
        DeployError: it is; the message names the stack that imports it.
    """
    former = stacks.get(name)
    given = former.exports if former else {}
    for stack in stacks.all:
        for export in sorted(stack.imports & given.keys()):
            if exports.get(export) != given[export]:
                verb = "changed" if export in exports else "removed"
                raise DeployError(
                    f"{name}: the export {export!r} cannot be {verb}: {stack.name} imports it. "
                    f"Deploy {stack.name} without it first."
                )
