"""Where policies are kept: in moto's services, read as they are now, and in our Lambda."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from moto.backends import get_backend

from penstock.local.access.documents import Policy, read
from penstock.local.gateway.bucket_policies import BucketPolicies
from penstock.local.service import AwsError, Caller, JsonObject, Service


@dataclass(frozen=True)
class RolePolicies:
    """A role's own policies, its boundary, its tags, and the ID that is its alone."""

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    role_id: str = ""


class Sources:
    """The policies of an account's roles and resources, and what else decisions depend on."""

    def __init__(
        self, *, account: str, region: str, partition: str, buckets: BucketPolicies, services: Mapping[str, Service]
    ) -> None:
        self.account = account
        self.region = region
        self.partition = partition
        self._buckets = buckets
        self._services = services
        self._asker = Caller("", account, f"arn:{partition}:iam::{account}:root")

    def of_role(self, arn: str) -> RolePolicies:
        """Return what bounds and allows a role; nothing allows one that is gone."""
        role = self.role(arn) if arn else None
        if role is None:
            return RolePolicies()
        managed = (read(one.name, _document(one)) for one in role.managed_policies.values())
        inline = (read(name, text) for name, text in role.policies.items())
        boundary = self.backend("iam").managed_policies.get(role.permissions_boundary_arn)
        return RolePolicies(
            identity=(*managed, *inline),
            boundary=read(boundary.name, _document(boundary)) if boundary is not None else None,
            tags={tag["Key"]: tag["Value"] for tag in role.tags},
            role_id=str(role.id),
        )

    def role(self, arn: str) -> Any:
        """Return moto's role, or None."""
        name = arn.rpartition("/")[2]
        return next((role for role in self.roles() if role.name == name and role.arn == arn), None)

    def roles(self) -> Iterable[Any]:
        """Return all of moto's roles."""
        return [*self.backend("iam").roles.values()]

    def of_resource(self, action: str, arn: str) -> tuple[Policy, ...]:
        """Return the policies of a resource itself."""
        if action == "sts:AssumeRole":
            role = self.role(arn)
            return (read("trust policy", unquote(role.assume_role_policy_document)),) if role is not None else ()
        if action.startswith("logs:"):
            policies = [*self.backend("logs").resource_policies.values()]
            return tuple(read(one.policy_name, one.policy_document) for one in policies)
        find = _FOUND.get(arn.partition(":")[2].partition(":")[2].partition(":")[0])
        text = find(self, arn) if find is not None else ""
        return (read("resource policy", text),) if text else ()

    def backend(self, service: str) -> Any:
        """Return moto's state of a service, in this cloud's account and region."""
        places = get_backend(service)[self.account]
        return places[self.partition if service in {"iam", "s3", "sts"} else self.region]

    def ask(self, service: str, operation: str, **request: Any) -> JsonObject:
        """Ask one of our services; the answer is empty if it refuses, or is not there."""
        served = self._services.get(service)
        try:
            return served.call(operation, request, self._asker) if served is not None else {}
        except AwsError:
            return {}

    def _bucket(self, arn: str) -> str:
        return self._buckets.of(arn.rpartition(":")[2].partition("/")[0]) or ""

    def _topic(self, arn: str) -> str:
        topic = self.backend("sns").topics.get(arn)
        return topic.policy if topic is not None else ""

    def _queue(self, arn: str) -> str:
        queue = self.backend("sqs").queues.get(arn.rpartition(":")[2])
        return (queue.policy if queue is not None else "") or ""

    def _key(self, arn: str) -> str:
        key = self.backend("kms").keys.get(arn.rpartition("/")[2])
        return key.policy if key is not None else ""

    def _function(self, arn: str) -> str:
        return str(self.ask("lambda", "GetPolicy", FunctionName=arn).get("Policy", ""))

    def _repository(self, arn: str) -> str:
        repository = self.backend("ecr").repositories.get(arn.partition("/")[2])
        return (repository.policy if repository is not None else "") or ""


_FOUND = {
    "s3": Sources._bucket,
    "sns": Sources._topic,
    "sqs": Sources._queue,
    "kms": Sources._key,
    "lambda": Sources._function,
    "ecr": Sources._repository,
}


def _document(policy: Any) -> str:
    return next((str(version.document) for version in policy.versions if version.is_default), "{}")
