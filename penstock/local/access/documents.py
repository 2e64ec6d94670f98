"""Policy documents, read once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from penstock.local.access import conditions, grammar
from penstock.local.access.conditions import Condition
from penstock.local.access.context import Context
from penstock.local.access.patterns import is_filled, matches_action, matches_arn

_WITH_VARIABLES = "2012-10-17"


@dataclass(frozen=True)
class Statement:
    """One statement of a policy; `sid` is its number where it has no Sid."""

    policy: str
    sid: str
    allows: bool
    actions: tuple[str, ...]
    all_actions_but: bool
    resources: tuple[str, ...]
    all_resources_but: bool
    principals: Mapping[str, tuple[str, ...]] = field(hash=False)
    all_principals_but: bool
    conditions: tuple[Condition, ...] = field(hash=False)
    variables: bool

    def is_about(self, action: str) -> bool:
        """Does it name an action?"""
        return self.all_actions_but != any(matches_action(pattern, action) for pattern in self.actions)

    def covers(self, resource: str, context: Context) -> bool:
        """Does it name a resource, and do its conditions hold?"""
        return self.names(resource, context) and self.failing(context) is None

    def names(self, resource: str, context: Context) -> bool:
        """Does it name a resource? A policy without the element is about what it is attached to."""
        variables = context if self.variables else None
        if not self.resources:
            return True
        if self.all_resources_but and not all(is_filled(pattern, variables) for pattern in self.resources):
            return False
        return self.all_resources_but != any(matches_arn(pattern, resource, variables) for pattern in self.resources)

    def failing(self, context: Context) -> Condition | None:
        """Return the first condition that does not hold; one about an unknown key holds where it denies only."""
        variables = context if self.variables else None
        return next(
            (
                one
                for one in self.conditions
                if not (one.holds(context, variables) if one.is_known(context) else not self.allows)
            ),
            None,
        )

    def unknown(self, context: Context) -> Condition | None:
        """Return the first condition about a key that this cloud does not know."""
        return next((one for one in self.conditions if not one.is_known(context)), None)


class Policy:
    """A policy, with the statements about an action at hand; none if it cannot be read, and `unreadable` says why."""

    def __init__(self, statements: tuple[Statement, ...], unreadable: str = "") -> None:
        self.statements = statements
        self.unreadable = unreadable
        self._about: dict[str, tuple[Statement, ...]] = {}

    def about(self, action: str) -> tuple[Statement, ...]:
        """Return the statements that name an action."""
        if action not in self._about:
            self._about[action] = tuple(statement for statement in self.statements if statement.is_about(action))
        return self._about[action]


@lru_cache(4096)
def read(name: str, text: str | None) -> Policy:
    """Read a policy document; `name` is the policy's. One that is malformed allows nothing.

    A document is read again only if it changes: what is decided by it needs no other cache.
    """
    try:
        document = grammar.parse(text)
    except ValueError as error:
        return Policy((), f"{name} cannot be read, so it allows nothing: {error}.")
    variables = document.get("Version") == _WITH_VARIABLES
    return Policy(
        tuple(
            _statement(name, number, statement, variables=variables)
            for number, statement in enumerate(grammar.statements(document), start=1)
        )
    )


def _statement(policy: str, number: int, found: Mapping[str, Any], *, variables: bool) -> Statement:
    principals = found.get("Principal", found.get("NotPrincipal", {}))
    return Statement(
        policy=policy,
        sid=found.get("Sid") or f"statement {number}",
        allows=found["Effect"] == "Allow",
        actions=_texts(found.get("Action", found.get("NotAction", []))),
        all_actions_but="NotAction" in found,
        resources=_texts(found.get("Resource", found.get("NotResource", []))),
        all_resources_but="NotResource" in found,
        principals={"AWS": ("*",)}
        if principals == "*"
        else {kind: _texts(names) for kind, names in principals.items()},
        all_principals_but="NotPrincipal" in found,
        conditions=tuple(conditions.read(found.get("Condition", {}))),
        variables=variables,
    )


def _texts(found: Any) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else tuple(found)
