"""On whose behalf a task calls."""

from dataclasses import dataclass
from typing import Any

from penstock.local.clients import Clients

PRINCIPAL = "states.amazonaws.com"


@dataclass
class Role:
    """The credentials of a task: the machine's role, for this execution; `source` is the machine's ARN."""

    role_arn: str
    clients: Clients
    session: str
    source: str

    def client(self, service: str) -> Any:
        """Return a boto3 client that acts as the role."""
        return self.clients.role(self.role_arn, service, session=self.session, by=PRINCIPAL, source=self.source)


def client_for(region: str, service: str, state_credentials: Role) -> Any:  # noqa: ARG001
    """Call as the machine's role; moto calls as nobody in particular."""
    return state_credentials.client(service)


def credentials_of(task: Any, env: Any) -> Role:
    """Return the role of a task: its own Credentials, or the machine's."""
    details = env.aws_execution_details
    role_arn = details.role_arn
    if task.credentials:
        task.credentials.eval(env=env)
        role_arn = env.stack.pop().role_arn
    return Role(role_arn, details.clients, session=details.session, source=details.machine_arn)
