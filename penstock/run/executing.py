"""Executions of a state machine: started or redriven, and followed."""

import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

from penstock.local.service import JsonObject
from penstock.run import events
from penstock.run.execution import Execution, State

_LOOK_SECONDS = 0.1
_ATTEMPTS = 1000


def start(client: Any, machine_arn: str, execution_input: JsonObject, cause: str, *, speed: float = 1.0) -> Execution:
    """Start an execution whose name is the hash of what caused it, so that a duplicate cause costs nothing.

    One of the same cause that is under way is `joined`: StartExecution answers with it, and says nothing of that.

    Args:
        client: a Step Functions client.
        machine_arn: the state machine.
        execution_input: its input.
        cause: what else makes this run differ from others: the data's hash.
        speed: how fast the cloud's time passes.
    """
    definition = client.describe_state_machine(stateMachineArn=machine_arn)["definition"]
    for attempt in range(_ATTEMPTS):
        text = json.dumps([definition, execution_input, cause, attempt], sort_keys=True)
        name = hashlib.sha256(text.encode()).hexdigest()[:8]
        joined = _is_running(client, f"{machine_arn.replace(':stateMachine:', ':execution:')}:{name}")
        try:
            started = client.start_execution(stateMachineArn=machine_arn, name=name, input=json.dumps(execution_input))
        except client.exceptions.ExecutionAlreadyExists:
            continue  # the same run was made before: this is the next attempt
        return Execution(started["executionArn"], name, speed=speed, joined=joined)
    raise AssertionError(f"{_ATTEMPTS} executions of {machine_arn} had the same cause")


def redrive(client: Any, arn: str, before: Iterable[JsonObject], *, speed: float = 1.0) -> Execution:
    """Let an execution that did not succeed go on where it failed; its states until then are taken in.

    Args:
        client: a Step Functions client.
        arn: the execution.
        before: its history until then.
        speed: how fast the cloud's time passes.
    """
    client.redrive_execution(executionArn=arn)
    described = client.describe_execution(executionArn=arn)
    execution = Execution(arn, described["name"], redrives=described["redriveCount"], speed=speed)
    for event in before:
        events.take(execution, event)
    return execution


def follow(client: Any, execution: Execution) -> Iterator[State]:
    """Yield a state each time that it starts and each time that it ends, until the execution has ended."""
    while True:
        fresh = events.history(client, execution.arn)[execution.read :]
        for event in fresh:
            state = events.take(execution, event)
            if state is not None:
                yield state
        if events.ended(fresh):
            yield from events.end(execution, fresh)
            return
        time.sleep(_LOOK_SECONDS)


def _is_running(client: Any, arn: str) -> bool:
    try:
        return bool(client.describe_execution(executionArn=arn)["status"] == "RUNNING")
    except client.exceptions.ExecutionDoesNotExist:
        return False
