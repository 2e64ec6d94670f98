"""Who a resource's own policy speaks of."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from penstock.local.access.documents import Statement
from penstock.local.service import Caller


class Match(IntEnum):
    """How a policy's principal means a caller; more is closer."""

    NONE = 0
    ACCOUNT = 1  # the account as a whole: its IAM policies are to say who
    ROLE = 2  # the role
    SESSION = 3  # this very session of the role, the service, or anybody


@dataclass(frozen=True)
class Principal:
    """A caller as policies know it."""

    caller: Caller

    @property
    def is_service(self) -> bool:
        """Is it a service of AWS that acts for itself?"""
        return bool(self.caller.service)

    @property
    def is_operator(self) -> bool:
        """Is it the person at the keyboard, an administrator?"""
        return not self.caller.service and not self.caller.role

    def match(self, statement: Statement) -> Match:
        """Return how the statement of a resource's policy means this caller."""
        closest = max(self._matches(statement), default=Match.NONE)
        if not statement.all_principals_but:
            return closest
        return Match.NONE if closest else Match.SESSION

    def _matches(self, statement: Statement) -> Iterator[Match]:
        for kind, names in statement.principals.items():
            for name in names:
                yield self._match(kind, name)

    def _match(self, kind: str, name: str) -> Match:
        caller = self.caller
        if kind == "Service":
            return Match.SESSION if name == caller.service else Match.NONE
        if kind == "AWS" and name == "*":
            return Match.SESSION
        if kind != "AWS" or caller.service:
            return Match.NONE
        account = (caller.account, caller.arn.split(":")[1].join(("arn:", f":iam::{caller.account}:root")))
        named = {caller.arn: Match.SESSION, caller.role: Match.ROLE, **dict.fromkeys(account, Match.ACCOUNT)}
        return named.get(name, Match.NONE)
