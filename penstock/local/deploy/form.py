"""Whether a template has the form of one at all: objects, lists and names where it must have them."""

from collections.abc import Iterator
from typing import Any

_SECTIONS = ("Conditions", "Mappings", "Metadata", "Outputs", "Parameters", "Resources", "Rules")
_OF_OBJECTS = ("Outputs", "Parameters", "Resources", "Rules")
# What the entries of a section must have, and may have, with the type of each.
_REQUIRED: dict[str, dict[str, type]] = {
    "Outputs": {"Value": object},
    "Parameters": {"Type": str},
    "Resources": {"Type": str},
    "Rules": {"Assertions": list},
}
_OPTIONAL: dict[str, dict[str, type]] = {
    "Outputs": {"Condition": str, "Export": dict},
    "Resources": {"Condition": str, "DeletionPolicy": str, "Properties": dict, "UpdateReplacePolicy": str},
}
_CALLED: dict[type, str] = {dict: "an object", list: "a list", str: "a text"}


def malformed(document: Any) -> Iterator[str]:
    """Say where a template is not in the form of one; nothing else is to be read from it then."""
    if not isinstance(document, dict):
        yield f"the template: {_expected(dict, document)}"
        return
    if not isinstance(document.get("Description", ""), str):
        yield f"Description: {_expected(str, document['Description'])}"
    for name in _SECTIONS:
        section = document.get(name, {})
        if not isinstance(section, dict):
            yield f"{name}: {_expected(dict, section)}"
            continue
        for key, entry in section.items():
            yield from _entry(name, key, entry)


def _entry(section: str, name: str, entry: Any) -> Iterator[str]:
    path = f"{section}.{name}"
    if name.startswith("Fn::"):
        yield (
            f"{path}: the local cloud does not apply the transform AWS::LanguageExtensions, which this function needs. "
            "Write its entries out."
        )
    elif section in _OF_OBJECTS and not isinstance(entry, dict):
        yield f"{path}: {_expected(dict, entry)}"
    elif section in _OF_OBJECTS:
        yield from _members(section, path, entry)
    elif section == "Mappings" and not (isinstance(entry, dict) and all(isinstance(v, dict) for v in entry.values())):
        yield f"{path}: expected an object of objects, found {entry!r}."


def _members(section: str, path: str, entry: dict[str, Any]) -> Iterator[str]:
    required = _REQUIRED[section]
    for member, kind in (required | _OPTIONAL.get(section, {})).items():
        if member in required and member not in entry:
            yield f"{path}: {member} is missing."
        elif member in entry and not isinstance(entry[member], kind):
            yield f"{path}.{member}: {_expected(kind, entry[member])}"
    needed = entry.get("DependsOn", []) if section == "Resources" else []
    if not isinstance(needed, str | list) or not all(isinstance(name, str) for name in needed):
        yield f"{path}.DependsOn: expected a logical id or a list of them, found {needed!r}."
    assertions = entry.get("Assertions", []) if section == "Rules" else []
    for index, assertion in enumerate(assertions if isinstance(assertions, list) else []):
        if not isinstance(assertion, dict) or "Assert" not in assertion:
            yield f"{path}.Assertions[{index}]: expected an object with Assert, found {assertion!r}."


def _expected(kind: type, found: Any) -> str:
    return f"expected {_CALLED[kind]}, found {found!r}."
