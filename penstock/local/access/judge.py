"""Decides about what calls take, in one account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from penstock.local.access.context import Context, Tags
from penstock.local.access.denial import Denied
from penstock.local.access.evaluation import Policies, decide
from penstock.local.access.global_keys import global_context
from penstock.local.access.known_keys import WITH_RESOURCE_TAG
from penstock.local.access.ledger import Ledger
from penstock.local.access.principals import Principal
from penstock.local.access.requirement import Requirement
from penstock.local.access.sources import RolePolicies, Sources
from penstock.local.access.state import State
from penstock.local.service import Caller

# Their policies must let a caller in, or leave it to the account's IAM policies; other resources' need not.
_RESOURCE_MUST_ALLOW = ("kms:", "sts:AssumeRole")


@dataclass(frozen=True)
class Judge:
    """Reads the policies of an account as they are, decides by them, and keeps the ledger."""

    region: str
    sources: Sources
    state: State
    ledger: Ledger

    def check(self, caller: Caller, requirement: Requirement, parameters: Mapping[str, Any]) -> Denied | None:
        """Return why a caller may not do what a call with these parameters takes, or None if it may."""
        if requirement.role:
            acting = Caller("", caller.account, requirement.role, role=requirement.role)
            if self._decide(acting, requirement, parameters) is None:
                return None
        denied = self._decide(caller, requirement, parameters)
        if denied is not None and caller.role:
            self.ledger.denied(caller.role, requirement.action, requirement.resource)
        return denied

    def _decide(self, caller: Caller, requirement: Requirement, parameters: Mapping[str, Any]) -> Denied | None:
        action, resource = requirement.action, requirement.resource
        principal, resource_policies = Principal(caller), self.sources.of_resource(action, resource)
        if principal.is_operator and not resource_policies:
            return None
        own = self.sources.of_role(caller.role)
        policies = Policies(
            identity=own.identity,
            resource=resource_policies,
            boundary=own.boundary,
            resource_must_allow=action.startswith(_RESOURCE_MUST_ALLOW) and resource != "*",
        )
        context = self._context(caller, requirement, parameters, own)
        decision = decide(principal, action, resource, context, policies)
        if not decision.allowed:
            return Denied(caller, requirement, decision, context, policies.identity)
        if caller.role:
            self.ledger.allowed(caller.role, action, decision.statements)
        return None

    def _context(
        self, caller: Caller, requirement: Requirement, parameters: Mapping[str, Any], own: RolePolicies
    ) -> Context:
        def of_resource() -> Mapping[str, str]:
            return self.state.tags(requirement.resource)

        service = requirement.action.partition(":")[0]
        tags: dict[str, Tags] = {"aws:PrincipalTag": lambda: own.tags, "aws:ResourceTag": of_resource}
        if service in WITH_RESOURCE_TAG:
            tags[f"{service}:ResourceTag"] = of_resource
        return global_context(caller, requirement, parameters, region=self.region, tags=tags, role_id=own.role_id)
