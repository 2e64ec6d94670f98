"""May a caller do this? AWS's rules for one account, on policies that have been read.

An explicit denial anywhere counts for more than anything. Otherwise the role's own policies allow, or the resource's
does; a role's permissions boundary bounds what is not allowed to its very session. A KMS key and a role to be assumed
need their own policy to allow, or to leave it to the account's IAM policies.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-req.html
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from penstock.local.access.context import Context
from penstock.local.access.documents import Policy, Statement
from penstock.local.access.principals import Match, Principal


@dataclass(frozen=True)
class Policies:
    """What decides about one call; `resource_must_allow` of a KMS key and of a role to be assumed."""

    identity: Sequence[Policy] = ()
    resource: Sequence[Policy] = ()
    boundary: Policy | None = None
    resource_must_allow: bool = False


@dataclass(frozen=True)
class Decision:
    """Allowed or not, by which statements or in spite of which unreadable policies, and AWS's words for why not."""

    allowed: bool
    statements: tuple[Statement, ...] = ()
    why: str = ""
    unreadable: tuple[str, ...] = ()


def decide(principal: Principal, action: str, resource: str, context: Context, policies: Policies) -> Decision:
    """Return whether a caller may take an action on a resource."""
    denied = next(_denials(principal, action, resource, context, policies), None)
    if denied is not None:
        return denied
    if principal.is_operator:
        return Decision(allowed=True)
    own = _allowing(policies.identity, action, resource, context)
    granted = [(principal.match(one), one) for one in _allowing(policies.resource, action, resource, context)]
    closest = max((match for match, _ in granted), default=Match.NONE)
    direct = tuple(one for match, one in granted if match >= Match.ROLE)
    bounded = policies.boundary is None or bool(_allowing([policies.boundary], action, resource, context))
    by_resource = closest == Match.SESSION or (closest == Match.ROLE and bounded)
    own_counts = not policies.resource_must_allow or closest >= Match.ACCOUNT
    if by_resource or (own and own_counts and bounded):
        return Decision(allowed=True, statements=(*(own if own_counts and bounded else ()), *direct))
    why = _missing(principal, closest, policies, action, own=bool(own))
    return Decision(allowed=False, why=why, unreadable=_unreadable(policies))


def _unreadable(policies: Policies) -> tuple[str, ...]:
    boundary = [policies.boundary] if policies.boundary is not None else []
    return tuple(one.unreadable for one in (*policies.identity, *policies.resource, *boundary) if one.unreadable)


def _missing(principal: Principal, closest: Match, policies: Policies, action: str, *, own: bool) -> str:
    needs_resource = principal.is_service or (policies.resource_must_allow and closest == Match.NONE)
    if needs_resource:
        kind = "resource-based policy"
    elif own or closest == Match.ROLE:
        kind = "permissions boundary"
    else:
        kind = "identity-based policy"
    return f"because no {kind} allows the {action} action"


def _denials(
    principal: Principal, action: str, resource: str, context: Context, policies: Policies
) -> Iterator[Decision]:
    kinds: tuple[tuple[str, Iterable[Policy]], ...] = (
        ("an identity-based policy", policies.identity),
        ("a permissions boundary", [policies.boundary] if policies.boundary else []),
        ("a resource-based policy", policies.resource),
    )
    for kind, documents in kinds:
        for policy in documents:
            for one in policy.about(action):
                # The operator is to be able to mend a policy that nobody here can decide by.
                if principal.is_operator and one.unknown(context) is not None:
                    continue
                meant = one.allows or kind != "a resource-based policy" or principal.match(one) > Match.NONE
                if not one.allows and meant and one.covers(resource, context):
                    yield Decision(allowed=False, statements=(one,), why=f"with an explicit deny in {kind}")


def _allowing(policies: Iterable[Policy], action: str, resource: str, context: Context) -> tuple[Statement, ...]:
    return tuple(
        one for policy in policies for one in policy.about(action) if one.allows and one.covers(resource, context)
    )
