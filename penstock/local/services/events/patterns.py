"""Patterns of events: which events a rule, a subscription or a mapping is for.

The language is EventBridge's; filter policies of SNS and filter criteria of Lambda are written in it too. moto has a
part of it: `cidr` and `wildcard` in lists, arrays of objects and the errors of patterns are missing there.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from penstock.local.services.events.operators import PatternError, Test, test_of

__all__ = ["Pattern", "PatternError"]


@dataclass(frozen=True)
class _Field:
    """What one field has to be: one of these values, or absent."""

    tests: tuple[Test, ...]
    may_be_absent: bool

    def matches(self, found: Any, *, present: bool) -> bool:
        values = [*_leaves(found)] if present else []
        return any(test(value) for test in self.tests for value in values) or (self.may_be_absent and not values)


@dataclass(frozen=True)
class Pattern:
    """Fields that all have to match, and alternatives of which one has to."""

    fields: tuple[tuple[str, "Pattern | _Field"], ...]
    alternatives: tuple["Pattern", ...] = ()

    @classmethod
    @lru_cache(maxsize=1024)
    def parse(cls, text: str) -> "Pattern":
        """Read a pattern.

        Raises:
            PatternError: it is none.
        """
        try:
            document = json.loads(text)
        except ValueError as error:
            raise PatternError(f"it is not JSON: {error}") from error
        if not isinstance(document, dict):
            raise PatternError("Filter is not an object")
        return _pattern(document)

    def matches(self, event: Any) -> bool:
        """Tell whether an event is meant; of an array of objects, one that matches is enough."""
        if isinstance(event, list):
            return any(self.matches(item) for item in event)
        found = event if isinstance(event, dict) else {}
        matched = all(_matches(node, found, name) for name, node in self.fields)
        return matched and (not self.alternatives or any(one.matches(found) for one in self.alternatives))


def _matches(node: "Pattern | _Field", event: dict[str, Any], name: str) -> bool:
    if isinstance(node, Pattern):
        return node.matches(event.get(name))
    return node.matches(event.get(name), present=name in event)


def _leaves(value: Any) -> Iterator[Any]:
    """Yield the values of a field: only leaves count, and those of an array one by one."""
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif not isinstance(value, dict):
        yield value


def _pattern(document: dict[str, Any]) -> Pattern:
    if not document:
        raise PatternError("Empty objects are not allowed")
    alternatives: tuple[Pattern, ...] = ()
    fields: list[tuple[str, Pattern | _Field]] = []
    for name, value in document.items():
        if name == "$or" and isinstance(value, list) and all(isinstance(item, dict) for item in value):
            alternatives = tuple(_pattern(item) for item in value)
        elif isinstance(value, dict):
            fields.append((name, _pattern(value)))
        elif isinstance(value, list):
            fields.append((name, _field(name, value)))
        else:
            raise PatternError(f'"{name}" must be an object or an array')
    return Pattern(tuple(fields), alternatives)


def _field(name: str, values: list[Any]) -> _Field:
    if not values:
        raise PatternError(f'Empty arrays are not allowed: "{name}"')
    return _Field(
        tuple(test_of(value) for value in values if value != {"exists": False}),
        any(value == {"exists": False} for value in values),
    )
