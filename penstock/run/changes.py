"""What a deployment would change, or what was removed, as lines for a terminal."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import click

from penstock.local.service import JsonObject
from penstock.spec.mistakes import plural

_WORDS = {
    "add": ("[+]", "green", ""),
    "change": ("[~]", "yellow", ""),
    "replace": ("[±]", "magenta", "replace"),
    "remove": ("[-]", "red", "remove"),
    "retain": ("[-]", "red", "leave behind (retained)"),
}
_LONGEST = 120


def differences(stacks: Iterable[JsonObject]) -> Iterator[str]:
    """Return the lines that show what becomes of stacks, in the way of `cdk diff`."""
    for stack in stacks:
        yield f"Stack {click.style(stack['stack'], bold=True)}{' (new)' if stack['new'] else ''}"
        if not stack["resources"] and not stack["outputs"]:
            yield "  There are no differences."
        yield from _statements(stack["resources"])
        if stack["resources"]:
            yield "  Resources"
        for resource in stack["resources"]:
            yield from _resource(resource, new=stack["new"])
        if stack["outputs"]:
            yield "  Outputs"
        for output in stack["outputs"]:
            yield f"  {_sign(output)} {output['path']}: {_values(output)}"
        yield ""


def summary(stacks: Iterable[JsonObject]) -> str:
    """Return in one line how many resources are added, changed, replaced and removed."""
    every = [resource["what"] for stack in stacks for resource in stack["resources"]]
    counts = {
        "added": every.count("add"),
        "changed": every.count("change"),
        "replaced": every.count("replace"),
        "removed": every.count("remove"),
        "left behind": every.count("retain"),
    }
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "nothing"


def removals(stacks: Iterable[JsonObject]) -> Iterator[str]:
    """Return the lines that show what was removed of stacks, and what is kept."""
    for stack in stacks:
        yield f"{click.style('✓', fg='green')} {stack['stack']}: {plural(stack['removed'], 'resource')} removed"
        for resource in stack["kept"]:
            count = resource.get("objects")
            content = "" if count is None else f", {plural(count, 'object')} with all versions"
            yield f"    kept: {resource['type']} {resource['id']}{content} ({resource['logical_id']})"


def serving(endpoints: Iterable[str]) -> Iterator[str]:
    """Return the lines that show which endpoints go on serving without a stack, and how each is deleted."""
    for name in endpoints:
        yield f"Endpoint {name} is in no stack and serves on: `aws sagemaker delete-endpoint --endpoint-name {name}`"


def _resource(resource: JsonObject, *, new: bool) -> Iterator[str]:
    mark, colour, verb = _WORDS[resource["what"]]
    words = [click.style(mark, fg=colour), resource["type"], resource["logical_id"], resource["id"]]
    told = f"{verb}, because of {', '.join(resource['because'])}" if resource["because"] else verb
    yield "  " + " ".join(word for word in [*words, told and click.style(told, fg=colour)] if word)
    if new or resource["what"] == "add":
        return
    for change in resource["properties"]:
        yield f"       {_sign(change)} {change['path']}: {_values(change)}"


def _statements(resources: Iterable[JsonObject]) -> Iterator[str]:
    changes = [change for resource in resources for change in resource["statements"]]
    if changes:
        yield "  IAM statements"
    for change in changes:
        sign = click.style(change["sign"], fg="green" if change["sign"] == "+" else "red")
        principals = f" for {', '.join(change['principals'])}" if change["principals"] else ""
        conditions = f" if {' and '.join(change['conditions'])}" if change["conditions"] else ""
        on = f" on {', '.join(change['resources'])}" if change["resources"] else ""
        said = f"{change['effect']} {', '.join(change['actions'])}{on}{principals}{conditions}"
        yield f"  {sign} {change['logical_id']}: {said}"


def _sign(change: JsonObject) -> str:
    if change["before"] is None:
        return click.style("+", fg="green")
    return click.style("-", fg="red") if change["after"] is None else click.style("~", fg="yellow")


def _values(change: JsonObject) -> str:
    given = [change[side] for side in ("before", "after") if change[side] is not None]
    return " → ".join(_shown(value) for value in given)


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
