"""What moto's STS does not look at: how long a session may last, policies of its own, and who the operator is."""

from typing import Any

from moto.iam.models import iam_backends

from penstock.local.access.global_keys import user_id
from penstock.local.gateway.overlay import Overlay
from penstock.local.gateway.requests import Call
from penstock.local.service import AwsError, Caller, JsonObject

# A role that assumes another one gets an hour of it at most.
_CHAINED_SECONDS = 3600
_CODE = "ValidationError"


class Sessions(Overlay):
    """Refuses the sessions that AWS refuses, and those whose policies this cloud would not heed."""

    def answer(self, call: Call, caller: Caller) -> JsonObject | None:
        """Return who the operator is; moto knows the rest.

        Raises:
            AwsError: ValidationError, the session cannot be had.
        """
        if call.operation.name == "AssumeRole":
            _check(call.parameters, caller)
        if call.operation.name != "GetCallerIdentity" or caller.role or caller.service:
            return None
        return {"UserId": user_id(caller), "Account": caller.account, "Arn": caller.arn}


def _check(asked: JsonObject, caller: Caller) -> None:
    for name in ("Policy", "PolicyArns"):
        if asked.get(name):
            raise AwsError(
                _CODE,
                f"The local cloud has no session policies, and would allow more than {name} does. Leave it out, or"
                " assume a role that may do no more than the session.",
            )
    seconds = asked.get("DurationSeconds") or 0
    if caller.role and seconds > _CHAINED_SECONDS:
        raise AwsError(
            _CODE,
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        )
    if seconds > _longest(caller.account, asked["RoleArn"]):
        raise AwsError(_CODE, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")


def _longest(account: str, arn: str) -> int:
    """Return the MaxSessionDuration of a role."""
    roles = (role for backend in [*iam_backends[account].values()] for role in [*backend.roles.values()])
    found: Any = next((role for role in roles if role.arn == arn), None)
    return int((found and found.max_session_duration) or _CHAINED_SECONDS)
