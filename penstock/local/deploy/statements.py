"""What a deployment changes of who may do what: the statements of policies that come and go."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from penstock.local.service import JsonObject

# The properties that hold policy documents, by what is done to whom: a trust is of the role itself.
_DOCUMENTS = ("AssumeRolePolicyDocument", "KeyPolicy", "PolicyDocument", "RepositoryPolicyText")
_ATTACHED = ("ManagedPolicyArns", "PermissionsBoundary")


@dataclass(frozen=True)
class StatementChange:
    """A statement that is added ("+") or goes ("-"), each part of it as texts."""

    sign: str
    logical_id: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[str, ...]
    conditions: tuple[str, ...]


def statement_changes(logical_id: str, before: JsonObject, after: JsonObject) -> Iterator[StatementChange]:
    """Find the statements that differ between a resource's former properties and those that it is to have."""
    old, new = list(_statements(before)), list(_statements(after))
    yield from (_change("-", logical_id, statement) for statement in old if statement not in new)
    yield from (_change("+", logical_id, statement) for statement in new if statement not in old)


def _statements(properties: JsonObject) -> Iterator[JsonObject]:
    documents = [properties[name] for name in _DOCUMENTS if isinstance(properties.get(name), dict)]
    documents += [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
    for found in documents:
        statements = found.get("Statement", [])
        yield from statements if isinstance(statements, list) else [statements]
    for name in _ATTACHED:
        for arn in _texts(properties.get(name, [])):
            yield {"Effect": "Attach", "Action": name, "Resource": arn}
    if "Principal" in properties and "FunctionName" in properties:  # AWS::Lambda::Permission is one statement
        source = properties.get("SourceArn")
        yield {
            "Effect": "Allow",
            "Action": properties.get("Action"),
            "Resource": properties["FunctionName"],
            "Principal": properties["Principal"],
            "Condition": {"ArnLike": {"AWS:SourceArn": source}} if source else {},
        }


def _change(sign: str, logical_id: str, statement: JsonObject) -> StatementChange:
    def part(name: str) -> tuple[str, ...]:
        negated = f"Not{name}"
        if negated in statement:
            return tuple(f"not {item}" for item in _texts(statement[negated]))
        return tuple(_texts(statement.get(name, [])))

    conditions = tuple(
        f"{operator} {key} {', '.join(_texts(value))}"
        for operator, tests in statement.get("Condition", {}).items()
        for key, value in tests.items()
    )
    return StatementChange(
        sign,
        logical_id,
        str(statement.get("Effect", "")),
        part("Action"),
        part("Resource"),
        part("Principal"),
        conditions,
    )


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{kind}: {item}" for kind, items in value.items() for item in _texts(items)]
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
