"""A denial, in AWS's words and form, and what would help."""

from collections.abc import Sequence
from dataclasses import dataclass

from penstock.local.access.context import Context
from penstock.local.access.documents import Policy, Statement
from penstock.local.access.evaluation import Decision
from penstock.local.access.requirement import Requirement
from penstock.local.service import AwsError, Caller

_CODES = {
    "sns": "AuthorizationError",
    **dict.fromkeys(("s3", "sqs", "sts", "iam", "cloudwatch"), "AccessDenied"),
}
# The services that speak JSON over POST answer 400 to whatever is the caller's fault.
_BAD_REQUEST = frozenset(["dynamodb", "ecr", "events", "kms", "logs", "sagemaker", "ssm", "stepfunctions"])
_SHOWN = 3
_UNKNOWN = "the local cloud does not know the condition key"


@dataclass(frozen=True)
class Denied:
    """Who may not do what, by which decision; `policies` are the caller's own."""

    caller: Caller
    requirement: Requirement
    decision: Decision
    context: Context
    policies: Sequence[Policy]

    def error(self, service: str) -> AwsError:
        """Return the error that a service answers with."""
        action, resource = self.requirement.action, self.requirement.resource
        about = "" if resource == "*" else f" on resource: {resource}"
        message = f"User: {self.caller.arn} is not authorized to perform: {action}{about} {self.decision.why}"
        code = _CODES.get(service, "AccessDeniedException")
        status = 400 if service in _BAD_REQUEST else 403
        return AwsError(code, f"{message}. {self._help()}".rstrip(), status, resources=[resource])

    def _help(self) -> str:
        """Say what the role's policies have on the action, and where it falls short."""
        action, resource = self.requirement.action, self.requirement.resource
        if self.decision.statements:
            return self._denying(self.decision.statements[0])
        if self.decision.unreadable:
            return " ".join(self.decision.unreadable)
        if not self.caller.role:
            return ""
        granting = [one for policy in self.policies for one in policy.about(action) if one.allows]
        if not granting:
            return f"No statement of the role's policies names {action}."
        near = [one for one in granting if one.names(resource, self.context)]
        return self._unmet(near) if near else _elsewhere(granting)

    def _denying(self, statement: Statement) -> str:
        unknown = statement.unknown(self.context)
        why = f": {_UNKNOWN} {unknown.key}, so it denies all that it may mean" if unknown is not None else ""
        return f"The statement is {_named(statement)}{why}."

    def _unmet(self, near: Sequence[Statement]) -> str:
        for one in near:
            failing = one.failing(self.context)
            if failing is not None:
                found = self.context.get(failing.key)
                missing = "the call has no such key" if failing.is_known(self.context) else f"{_UNKNOWN} {failing.key}"
                has = f"the call has {', '.join(found)}" if found is not None else missing
                return f"{_named(one)} grants it there if {failing}; {has}."
        return ""


def _elsewhere(granting: Sequence[Statement]) -> str:
    resources = [*dict.fromkeys(resource for one in granting for resource in one.resources)]
    more = f" and {len(resources) - _SHOWN} more" if len(resources) > _SHOWN else ""
    names = ", ".join(dict.fromkeys(_named(one) for one in granting))
    return f"{names} grants it on {', '.join(resources[:_SHOWN])}{more} only."


def _named(statement: Statement) -> str:
    return f"{statement.sid} in {statement.policy}"
