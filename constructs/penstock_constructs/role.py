"""Roles."""

import json
import re
from collections.abc import Iterator, Sequence

from constructs import Construct

from penstock_constructs.policy import Arn, Statement, allow, document, trust
from penstock_constructs.resource import arn_of, resource

# IAM takes 6,144 characters a managed policy, of ARNs; what stands for one here has another length.
_MAX_CHARACTERS = 5_000
_REFERENCE, _ARN = re.compile(r"\$\{Token\[[^]]*\]\}"), "a" * 100


class Role(Construct):
    """A role that one AWS service assumes, for this account and for the resources that `source_arn` matches.

    Its policies are managed ones, as many as it takes, so the role, and with it whatever uses the role, waits for them.
    What AWS cannot scope to a resource is in a policy of its own, which says why.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        service: str,
        source_arn: Arn,
        statements: Sequence[Statement],
        unscoped: Sequence[Statement],
        unscoped_reason: str,
    ) -> None:
        super().__init__(scope, construct_id)
        unscoped_description = f"What {name} may do that AWS cannot scope to a resource: {unscoped_reason}"
        policies = [
            *(
                self._policy(f"Policy{number}", f"What {name} may do", part)
                for number, part in enumerate(_parts(statements), start=1)
            ),
            self._policy("UnscopedPolicy", unscoped_description, unscoped),
        ]
        role = resource(
            self,
            "Resource",
            "AWS::IAM::Role",
            {
                "RoleName": name,
                "AssumeRolePolicyDocument": document([trust(service, source_arn)]),
                "ManagedPolicyArns": policies,
            },
        )
        self.arn = arn_of(role)
        self._service = service

    def allow_passing(self, sid: str) -> Statement:
        """Return a statement that allows to hand the role to the service that assumes it."""
        to_service = {"StringEquals": {"iam:PassedToService": f"{self._service}.amazonaws.com"}}
        return allow(sid, "iam:PassRole", self.arn, to_service)

    def _policy(self, construct_id: str, description: str, statements: Sequence[Statement]) -> str:
        properties = {"Description": description, "PolicyDocument": document(statements)}
        ref: str = resource(self, construct_id, "AWS::IAM::ManagedPolicy", properties).ref
        return ref


def _parts(statements: Sequence[Statement]) -> Iterator[list[Statement]]:
    """Yield the statements, in their order, as many at a time as a policy may have."""
    part: list[Statement] = []
    for statement in statements:
        if part and _length([*part, statement]) > _MAX_CHARACTERS:
            yield part
            part = []
        part.append(statement)
    yield part


def _length(statements: Sequence[Statement]) -> int:
    return len(_REFERENCE.sub(_ARN, json.dumps(document(statements), separators=(",", ":"))))
