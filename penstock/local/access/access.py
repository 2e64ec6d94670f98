"""Is a call allowed?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from penstock.local.access.context import Context
from penstock.local.access.evaluation import Policies, decide
from penstock.local.access.judge import Judge
from penstock.local.access.ledger import Ledger
from penstock.local.access.principals import Principal
from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements import required
from penstock.local.access.requirements.rules import Asked
from penstock.local.access.sources import Sources
from penstock.local.access.state import State
from penstock.local.arns import partition
from penstock.local.gateway.bucket_policies import BucketPolicies
from penstock.local.gateway.record import Entry, Record
from penstock.local.gateway.requests import Call
from penstock.local.service import AwsError, Caller, JsonObject, Service


class Access:
    """Decides by the policies as they are: those of roles, and those of what a call is about.

    `buckets` has the policies of buckets; `services` those of functions, and what is tagged. `record` takes what is
    required of a role without a call.
    """

    def __init__(
        self,
        *,
        region: str = "us-east-1",
        buckets: BucketPolicies | None = None,
        services: Mapping[str, Service] | None = None,
        record: Record | None = None,
    ) -> None:
        self._region = region
        self._partition = partition(region)
        self._buckets = buckets if buckets is not None else BucketPolicies()
        self._services = services if services is not None else {}
        self._record = record
        self._ledger = Ledger()
        self._judges: dict[str, Judge] = {}

    def authorise(self, call: Call, caller: Caller) -> Sequence[str]:
        """Return the ARNs of what a call is about.

        Raises:
            AwsError: the caller may not make it, in the service's own form.
        """
        judge = self._judge(caller.account)
        asked = Asked(
            service=call.service,
            operation=str(call.operation.name),
            parameters=call.parameters,
            account=caller.account,
            region=self._region,
            partition=self._partition,
            state=judge.state,
        )
        found = required(asked)
        for requirement in found:
            context = {"aws:UserAgent": call.user_agent, **requirement.context}
            denied = judge.check(caller, replace(requirement, context=context), call.parameters)
            if denied is not None:
                raise denied.error(call.service)
        return [*dict.fromkeys(one.resource for one in found if one.resource != "*")]

    def require(
        self, role: str, action: str, resource: str, *, by: str, context: Mapping[str, str] | None = None
    ) -> None:
        """Ask for what a service does with a role that is no call here; `by` names the role's session.

        Raises:
            AwsError: AccessDeniedException.
        """
        account, name = role.split(":")[4], role.rpartition("/")[2]
        caller = Caller("", account, f"arn:{self._partition}:sts::{account}:assumed-role/{name}/{by}", role=role)
        denied = self._judge(account).check(caller, Requirement(action, resource, dict(context or {})), {})
        error = denied.error("") if denied is not None else None
        self._note(caller, action, resource, error)
        if error is not None:
            raise error

    def simulate(self, role: str, action: str, resource: str, context: Mapping[str, Sequence[str]]) -> str:
        """Return whether a role's own policies allow an action: allowed, explicitDeny or implicitDeny.

        Raises:
            AwsError: NoSuchEntity, there is no such role.
        """
        sources = self._judge(role.split(":")[4]).sources
        if sources.role(role) is None:
            raise AwsError("NoSuchEntity", f"The role with name {role.rpartition('/')[2]} cannot be found.", 404)
        own = sources.of_role(role)
        policies = Policies(identity=own.identity, boundary=own.boundary)
        principal = Principal(Caller("", role.split(":")[4], role, role=role))
        decision = decide(principal, action, resource, Context(context), policies)
        if decision.allowed:
            return "allowed"
        return "explicitDeny" if decision.statements else "implicitDeny"

    def permissions(self, account: str) -> Sequence[JsonObject]:
        """Return the account of every role: what it was granted, what of that was used, and what it was denied."""
        sources = self._judge(account).sources
        roles = sorted((str(role.name), str(role.arn)) for role in sources.roles())
        return [self._ledger.of_role(arn, sources.of_role(arn).identity) for _, arn in roles]

    def _judge(self, account: str) -> Judge:
        if account not in self._judges:
            sources = Sources(
                account=account,
                region=self._region,
                partition=self._partition,
                buckets=self._buckets,
                services=self._services,
            )
            self._judges[account] = Judge(self._region, sources, State(sources), self._ledger)
        return self._judges[account]

    def _note(self, caller: Caller, action: str, resource: str, error: AwsError | None) -> None:
        if self._record is not None:
            service, _, operation = action.partition(":")
            self._record.add(
                Entry(
                    caller=caller.arn,
                    service=service,
                    operation=operation,
                    resources=[resource],
                    result=error.code if error is not None else "OK",
                    milliseconds=0.0,
                )
            )
