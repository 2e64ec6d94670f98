"""Functions as they are kept, for a cloud that comes back; their code stays where it was unpacked."""

from pathlib import Path

from penstock.local.service import JsonObject
from penstock.local.services.functions.configuration import Code, Configuration
from penstock.local.services.functions.function import Function


def record(function: Function) -> JsonObject:
    """Return what is kept of a function."""
    configuration = function.configuration
    code = configuration.code
    return {
        "arn": configuration.arn,
        "code": {"sha256": code.sha256, "size": code.size, "folder": code.folder.name},
        "settings": configuration.settings,
        "modified": configuration.modified,
        "revision": configuration.revision,
        "statements": function.policy.statements,
        "policy_revision": function.policy.revision,
        "tags": function.tags,
        "event_invoke": function.event_invoke,
    }


def configuration(name: str, record: JsonObject, archives: Path) -> Configuration:
    """Return the configuration that a record keeps."""
    code = record["code"]
    return Configuration(
        name,
        record["arn"],
        Code(code["sha256"], code["size"], archives / code["folder"]),
        record["settings"],
        record["modified"],
        record["revision"],
    )


def complete(function: Function, record: JsonObject) -> None:
    """Give a function what a record keeps beside its configuration."""
    function.policy.statements.update(record["statements"])
    function.policy.revision = record["policy_revision"]
    function.tags.update(record["tags"])
    function.event_invoke = record["event_invoke"]
