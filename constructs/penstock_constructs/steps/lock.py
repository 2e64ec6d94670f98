"""The lock: one run deploys to an endpoint at a time; the others wait for their turn.

It is the endpoint's item in the table of deployments: its `owner` is the execution that deploys, until it `expires`.
Taking it twice does no harm, so a retry and a redrive may: the owner's own condition holds.
"""

from collections.abc import Sequence
from typing import Any

from penstock_constructs.policy import Statement, allow, arn
from penstock_constructs.steps.step import Machine, State, Step, task
from penstock_constructs.table import Deployments

HELD = "DynamoDB.ConditionalCheckFailedException"
_GONE = "Sfn.ExecutionDoesNotExistException"
_TABLE_FAULTS = (
    "DynamoDB.AmazonDynamoDBException",
    "DynamoDB.InternalServerErrorException",
    "DynamoDB.ProvisionedThroughputExceededException",
    "DynamoDB.RequestLimitExceededException",
    "DynamoDB.SdkClientException",
    "DynamoDB.ThrottlingException",
    "States.Timeout",
)
_STATES_FAULTS = ("Sfn.SfnException", "Sfn.SdkClientException", "States.Timeout")
# After its machine's timeout an execution has ended, however it did; and then some, as it is to say so itself.
_MARGIN_SECONDS = 3600
# Each look takes some 25 events of the 25,000 that an execution's history can have: so the longer a run has waited, the
# longer it waits for the next.
_LOOKS_AT_ONE_PACE, _LONGEST_WAIT_SECONDS = 10, 300

_ME = {"S": "{% $states.context.Execution.Id %}"}
_ENTERED = "$toMillis($states.context.State.EnteredTime)"
# As one form of time, so that the order of the texts is the order of the times.
_STARTED = {"S": "{% $fromMillis($toMillis($states.context.Execution.StartTime)) %}"}
_FREE = "attribute_not_exists(#owner) OR #owner = :me OR expires < :now"
_NONE_NEWER = "(attribute_not_exists(newest) OR newest <= :started)"
_WAIT = "Wait for lock"


def take_lock(
    *,
    machine: Machine,
    table: Deployments,
    timeout_seconds: int,
    supersede: bool,
    poll_seconds: str,
    then: str,
    superseded: str,
) -> Step:
    """Take the lock of the machine's endpoint, or wait for it; `timeout_seconds` is how long an execution may take.

    The lock of an execution that has ended without releasing it is taken over. With `supersede`, a run that waits
    gives way, to `superseded`, as soon as one that was started later is there too.
    """
    newest: dict[str, Any] = {":started": _STARTED} if supersede else {}
    take = _update(
        machine,
        f"SET #owner = :me, expires = :expires{', newest = :started' if supersede else ''}",
        f"({_FREE}) AND {_NONE_NEWER}" if supersede else _FREE,
        {
            ":me": _ME,
            ":now": {"N": f"{{% $string($floor({_ENTERED} / 1000)) %}}"},
            ":expires": {
                "N": f"{{% $string($floor({_ENTERED} / 1000) + {timeout_seconds + _MARGIN_SECONDS}) %}}",
            },
            **newest,
        },
    )
    claim = _update(machine, "SET newest = :started", _NONE_NEWER, newest)
    break_ = _update(machine, "REMOVE #owner, expires", "#owner = :dead", {":dead": {"S": "{% $lock_owner %}"}})
    awaiting = "Claim turn" if supersede else _WAIT
    states: dict[str, State] = {
        "Take lock": take | _if_held("Read lock") | {"Next": then},
        **_looking(machine, awaiting=awaiting, supersede=supersede),
        **({"Claim turn": claim | _if_held("Read lock") | {"Next": _WAIT}} if supersede else {}),
        _WAIT: {
            "Type": "Wait",
            "Seconds": (
                f"{{% $min([${{PollSeconds}} * (1 + $floor($lock_looks / {_LOOKS_AT_ONE_PACE})),"
                f" {_LONGEST_WAIT_SECONDS}]) %}}"
            ),
            "Assign": {"lock_looks": "{% $lock_looks + 1 %}"},
            "Next": "Take lock",
        },
        "Break lock": break_ | _if_held("Take lock") | {"Next": "Take lock"},
        **({"Superseded": _superseded(superseded)} if supersede else {}),
    }
    return Step(states, _permissions(machine, table), {"LockTable": table.name, "PollSeconds": poll_seconds})


def release_lock(*, machine: Machine, table: Deployments, then: str) -> Step:
    """Release the lock, if this execution has it still, and forget what was to be approved."""
    release = _update(machine, "REMOVE #owner, expires, approval", "#owner = :me", {":me": _ME})
    return Step(
        {"Release lock": release | _if_held(then) | {"Next": then}},
        _permissions(machine, table),
        {"LockTable": table.name},
    )


def _looking(machine: Machine, *, awaiting: str, supersede: bool) -> dict[str, State]:
    """Return the states that find out who has the lock, and whether that execution still runs."""
    read = task(
        "dynamodb:getItem",
        {"TableName": "${LockTable}", "Key": {"endpoint": {"S": machine.name}}, "ConsistentRead": True},
        timeout_seconds=60,
        retry_on=_TABLE_FAULTS,
    )
    item = "$states.result.Item"
    found = {
        "lock_owner": f"{{% $exists({item}.owner) ? {item}.owner.S : '' %}}",
        "lock_newest": f"{{% $exists({item}.newest) ? {item}.newest.S : '' %}}",
    }
    describe = task(
        "aws-sdk:sfn:describeExecution",
        {"ExecutionArn": "{% $lock_owner %}"},
        timeout_seconds=60,
        retry_on=_STATES_FAULTS,
    )
    newer = {"Condition": f"{{% $lock_newest > {_STARTED['S'][3:-3]} %}}", "Next": "Superseded"}
    released = {"Condition": "{% $lock_owner in ['', $states.context.Execution.Id] %}", "Next": "Take lock"}
    return {
        "Read lock": read | {"Assign": found, "Next": "Check lock"},
        "Check lock": {
            "Type": "Choice",
            "Choices": [newer, released] if supersede else [released],
            "Default": "Describe lock owner",
        },
        "Describe lock owner": describe
        | {
            "Assign": {"lock_owner_status": "{% $states.result.Status %}"},
            "Catch": [{"ErrorEquals": [_GONE], "Next": "Break lock"}],
            "Next": "Check lock owner",
        },
        "Check lock owner": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $lock_owner_status in ['RUNNING', 'PENDING_REDRIVE'] %}", "Next": awaiting}],
            "Default": "Break lock",
        },
    }


def _superseded(then: str) -> State:
    reason = "{% 'A newer run, started at ' & $lock_newest & ', takes the place of this one.' %}"
    return {"Type": "Pass", "Assign": {"outcome": "SUPERSEDED", "reasons": [reason]}, "Next": then}


def _update(machine: Machine, update: str, condition: str, values: dict[str, Any]) -> State:
    names = {"ExpressionAttributeNames": {"#owner": "owner"}} if "#owner" in update + condition else {}
    arguments = {
        "TableName": "${LockTable}",
        "Key": {"endpoint": {"S": machine.name}},
        "UpdateExpression": update,
        "ConditionExpression": condition,
        "ExpressionAttributeValues": values,
        **names,  # owner is a word of DynamoDB's own
    }
    return task("dynamodb:updateItem", arguments, timeout_seconds=60, retry_on=_TABLE_FAULTS)


def _if_held(then: str) -> State:
    """Return the Catch of an update whose condition does not hold: somebody else has, or had, the lock."""
    return {"Catch": [{"ErrorEquals": [HELD], "Next": then}]}


def _permissions(machine: Machine, table: Deployments) -> Sequence[Statement]:
    executions = arn("states", f"execution:{machine.name}:*")
    return [
        table.allow("Lock", ["dynamodb:GetItem", "dynamodb:UpdateItem"], endpoint=machine.name),
        allow("LockOwner", "states:DescribeExecution", executions),
        machine.key.allow_use("LockEncrypted", via="dynamodb"),
    ]
