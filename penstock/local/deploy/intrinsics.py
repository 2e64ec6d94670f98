"""The functions of a template: what they refer to, and what they give.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from penstock.errors import DeployError
from penstock.local.service import JsonObject

_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True)
class Scope:
    """What the functions of one template can refer to."""

    stack: str
    values: Mapping[str, Any]  # what Ref gives: parameters, pseudo parameters, resources
    attributes: Mapping[str, Mapping[str, str]]  # what Fn::GetAtt gives, by logical id
    mappings: JsonObject
    imported: Callable[[str], str | None]  # what Fn::ImportValue gives; None if nothing exports the name

    def error(self, path: str, message: str) -> DeployError:
        """Return an error at a place of the template."""
        return DeployError(f"{self.stack}: {path}: {message}")


@dataclass(frozen=True)
class Reference:
    """A use of a parameter, a pseudo parameter or a resource, or of a resource's attribute."""

    name: str
    attribute: str | None
    path: str


def function_of(value: Any) -> str | None:
    """Return the name of the function that a value is a call of: "Ref", "Fn::Join", or None."""
    if not isinstance(value, dict):
        return None
    return next((key for key in value if key == "Ref" or key.startswith("Fn::")), None)


def references(value: Any, path: str, stack: str) -> Iterator[Reference]:
    """Find everything that a value refers to.

    Raises:
        DeployError: a function is unknown, or is not alone in its object.
    """
    function = function_of(value)
    if function is not None:
        _check_call(value, function, path, stack)
        path = f"{path}.{function}"
        if function == "Ref":
            yield Reference(str(value["Ref"]), None, path)
            return
        if function == "Fn::GetAtt":
            yield Reference(*_attribute(value[function], path, stack), path)
            return
        if function == "Fn::Sub":
            yield from _placeholders(value[function], path)
        value = value[function]
    if isinstance(value, dict):
        for key, item in value.items():
            yield from references(item, f"{path}.{key}", stack)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from references(item, f"{path}[{index}]", stack)


def resolve(value: Any, scope: Scope, path: str) -> Any:
    """Return a value with every function in it replaced by what it gives.

    Raises:
        DeployError: a function is unknown, refers to what is not there, or got arguments that it cannot take.
    """
    if isinstance(value, list):
        return [resolve(item, scope, f"{path}[{index}]") for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    function = function_of(value)
    if function is None:
        return {key: resolve(item, scope, f"{path}.{key}") for key, item in value.items()}
    _check_call(value, function, path, scope.stack)
    path = f"{path}.{function}"
    try:
        return _FUNCTIONS[function](value[function], scope, path)
    except (TypeError, ValueError, KeyError, IndexError) as error:
        raise scope.error(path, f"{function} cannot take {value[function]!r} ({error}).") from error


def _check_call(value: JsonObject, function: str, path: str, stack: str) -> None:
    if function not in _FUNCTIONS:
        raise DeployError(f"{stack}: {path}: unknown function {function}. Known: {', '.join(_FUNCTIONS)}.")
    if len(value) > 1:
        others = ", ".join(sorted(value.keys() - {function}))
        raise DeployError(f"{stack}: {path}: {function} must be alone in its object; beside it: {others}.")


def _attribute(argument: Any, path: str, stack: str) -> tuple[str, str]:
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    match parts:
        case [str(name), str(attribute)]:
            return name, attribute
    raise DeployError(f"{stack}: {path}: expected a logical id and an attribute, found {argument!r}.")


def _placeholders(argument: Any, path: str) -> Iterator[Reference]:
    text, variables = argument if isinstance(argument, list) else (argument, {})
    for name in _PLACEHOLDER.findall(text):
        if not name.startswith("!") and name not in variables:
            logical_id, _, attribute = name.partition(".")
            yield Reference(logical_id, attribute or None, path)


def _ref(name: Any, scope: Scope, path: str) -> Any:
    if name not in scope.values:
        raise scope.error(path, f"{name!r} is neither a resource nor a parameter of this template.")
    return scope.values[name]


def _get_attribute(argument: Any, scope: Scope, path: str) -> Any:
    name, attribute = _attribute(argument, path, scope.stack)
    if name not in scope.attributes:
        raise scope.error(path, f"{name!r} is not a resource of this template.")
    if attribute not in scope.attributes[name]:
        known = ", ".join(sorted(scope.attributes[name])) or "none"
        raise scope.error(path, f"{name!r} has no attribute {attribute!r} here. Its attributes: {known}.")
    return scope.attributes[name][attribute]


def _join(argument: Any, scope: Scope, path: str) -> str:
    separator, parts = argument
    return str(separator).join(text(part) for part in resolve(parts, scope, path))


def _substitute(argument: Any, scope: Scope, path: str) -> str:
    template, variables = argument if isinstance(argument, list) else (argument, {})
    given = resolve(variables, scope, path)

    def replacement(match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith("!"):
            return "${" + name[1:] + "}"
        if name in given:
            return text(given[name])
        return text(_get_attribute(name, scope, path) if "." in name else _ref(name, scope, path))

    return _PLACEHOLDER.sub(replacement, template)


def _select(argument: Any, scope: Scope, path: str) -> Any:
    index, items = resolve(argument, scope, path)
    return items[range(len(items)).index(int(index))]  # which refuses what Python would count from the end


def _split(argument: Any, scope: Scope, path: str) -> list[str]:
    separator, source = resolve(argument, scope, path)
    parts: list[str] = source.split(separator)
    return parts


def _import_value(argument: Any, scope: Scope, path: str) -> str:
    name = resolve(argument, scope, path)
    value = scope.imported(name)
    if value is None:
        raise scope.error(path, f"no stack exports {name!r}. Deploy the stack that does first.")
    return value


def _find_in_map(argument: Any, scope: Scope, path: str) -> Any:
    name, first, second = resolve(argument, scope, path)
    return scope.mappings[name][first][second]


def _base64(argument: Any, scope: Scope, path: str) -> str:
    return base64.b64encode(text(resolve(argument, scope, path)).encode()).decode()


def text(value: Any) -> str:
    """Return a single value as CloudFormation writes it into a string."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise TypeError(f"{value!r} is not a single value")


_FUNCTIONS: dict[str, Callable[[Any, Scope, str], Any]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_attribute,
    "Fn::Join": _join,
    "Fn::Sub": _substitute,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::ImportValue": _import_value,
    "Fn::FindInMap": _find_in_map,
    "Fn::Base64": _base64,
}
