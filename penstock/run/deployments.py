"""Who deploys to an endpoint now, and what waits to be approved: its item in the table <environment>-deployments."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from penstock.errors import RunError
from penstock.local.service import JsonObject

_HELD = "ConditionalCheckFailedException"
_RUNNING = ("RUNNING", "PENDING_REDRIVE")
# As the state machine takes it: after its timeout an execution has ended, and is to say so itself.
_MARGIN = timedelta(hours=1)


@dataclass(frozen=True)
class Approval:
    """A run that waits for somebody's answer: the token to answer with, the execution, and the model package."""

    token: str
    execution: str
    package: str
    asked: str


@dataclass(frozen=True)
class Deployment:
    """What goes on at an endpoint; nothing of it where nothing does."""

    owner: str = ""  # the ARN of the execution that has the lock
    approval: Approval | None = None


class Deployments:
    """The items of an environment's endpoints; `client` gives a client of an AWS service."""

    def __init__(self, client: Any, environment: str) -> None:
        self._dynamodb = client("dynamodb")
        self._states = client("stepfunctions")
        self._table = f"{environment}-deployments"

    def of(self, endpoint: str) -> Deployment:
        """Return what goes on at an endpoint."""
        try:
            found = self._dynamodb.get_item(TableName=self._table, ConsistentRead=True, Key=_key(endpoint))
        except self._dynamodb.exceptions.ResourceNotFoundException:
            return Deployment()
        item = found.get("Item", {})
        asked = item.get("approval", {}).get("M")
        approval = Approval(**{name: asked[name]["S"] for name in Approval.__dataclass_fields__}) if asked else None
        return Deployment(item.get("owner", {}).get("S", ""), approval)

    def running_owner(self, endpoint: str) -> str:
        """Return the ARN of the execution that has the lock of an endpoint and still runs; nothing without one."""
        owner = self.of(endpoint).owner
        return owner if owner and self._runs(owner) else ""

    def take_lock(self, endpoint: str, execution: str, *, now: datetime, lasting: timedelta) -> None:
        """Take the lock for an execution; from one that has ended it is taken over.

        Raises:
            RunError: another execution has it, and runs.
        """
        owner = self.of(endpoint).owner
        if owner not in {"", execution} and self._runs(owner):
            raise _held(endpoint, owner)
        expires = int((now + lasting + _MARGIN).timestamp())
        taken = self._update(
            endpoint,
            "SET #owner = :me, expires = :expires",
            "attribute_not_exists(#owner) OR #owner = :me OR #owner = :found",
            {":me": {"S": execution}, ":found": {"S": owner or execution}, ":expires": {"N": str(expires)}},
        )
        if not taken:
            raise _held(endpoint, self.of(endpoint).owner)

    def release_lock(self, endpoint: str, execution: str) -> None:
        """Release the lock, if the execution has it."""
        self._update(endpoint, "REMOVE #owner, expires", "#owner = :me", {":me": {"S": execution}})

    def _update(self, endpoint: str, expression: str, condition: str, values: JsonObject) -> bool:
        """Change the item of an endpoint if the condition holds; return whether it did."""
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(endpoint),
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeNames={"#owner": "owner"},
                ExpressionAttributeValues=values,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _HELD:
                raise
            return False
        return True

    def _runs(self, execution: str) -> bool:
        try:
            described = self._states.describe_execution(executionArn=execution)
        except self._states.exceptions.ExecutionDoesNotExist:
            return False
        return described["status"] in _RUNNING


def name_of(execution: str) -> str:
    """Return the name of an execution."""
    return execution.rpartition(":")[2]


def _key(endpoint: str) -> dict[str, Any]:
    return {"endpoint": {"S": endpoint}}


def _held(endpoint: str, owner: str) -> RunError:
    return RunError(
        f"{endpoint} is locked: run {name_of(owner)} deploys to it now. Wait for its end, or stop it, and try again."
    )
