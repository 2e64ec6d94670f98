"""The values of a template's parameters: what is given, or the default, checked as CloudFormation does."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from penstock.errors import DeployError
from penstock.local.service import JsonObject

_KNOWN = {
    *("Type", "Default", "Description", "NoEcho", "ConstraintDescription"),
    *("AllowedValues", "AllowedPattern", "MinLength", "MaxLength", "MinValue", "MaxValue"),
}
_CHECKS: Mapping[str, Callable[[str, Any], bool]] = {
    "AllowedValues": lambda value, allowed: value in [str(item) for item in allowed],
    "AllowedPattern": lambda value, pattern: re.fullmatch(pattern, value) is not None,
    "MinLength": lambda value, least: len(value) >= int(least),
    "MaxLength": lambda value, most: len(value) <= int(most),
    "MinValue": lambda value, least: float(value) >= float(least),
    "MaxValue": lambda value, most: float(value) <= float(most),
}


def parameter_values(
    definitions: JsonObject, given: Mapping[str, str], stored: Callable[[str], str | None], stack: str
) -> dict[str, Any]:
    """Return the value of every parameter; a number is its text, as CloudFormation's Ref gives it.

    `stored` gives the value of a parameter of the Systems Manager, or None.

    Raises:
        DeployError: values are missing or not allowed; the message lists them all.
    """
    values, problems = {}, []
    for name, definition in definitions.items():
        try:
            values[name] = _value(definition, given.get(name), stored)
        except ValueError as error:
            problems.append(f"{stack}: Parameters.{name}: {error}")
    if problems:
        raise DeployError("\n".join(problems))
    return values


def _value(definition: JsonObject, given: str | None, stored: Callable[[str], str | None]) -> Any:
    if unknown := definition.keys() - _KNOWN:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}.")
    value = definition.get("Default") if given is None else given
    if value is None:
        raise ValueError("it has no default, so it must be given a value.")
    value = _number(str(value)) if definition["Type"] == "Number" else str(value)
    for check, limit in definition.items():
        if check in _CHECKS and not _CHECKS[check](value, limit):
            raise ValueError(definition.get("ConstraintDescription", f"{value!r} is not within {check} {limit!r}."))
    return _typed(definition["Type"], value, stored)


def _typed(kind: str, value: str, stored: Callable[[str], str | None]) -> Any:
    match kind:
        case "String" | "Number":
            return value
        case "CommaDelimitedList":
            return [item.strip() for item in value.split(",")]
        case "AWS::SSM::Parameter::Value<String>":
            found = stored(value)
            if found is None:
                raise ValueError(f"the Systems Manager has no parameter {value!r}.")
            return found
    raise ValueError(f"the type {kind!r} is not one that the local cloud knows.")


def _number(value: str) -> str:
    try:
        float(value)
    except ValueError as error:
        raise ValueError(f"{value!r} is not a number.") from error
    return value
