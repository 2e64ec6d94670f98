"""One execution of a state machine: started, followed state by state, ended."""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from penstock.local.service import JsonObject

_LOOK_SECONDS = 0.1
_LAST_EVENTS = {"ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"}
_ATTEMPTS = 1000


@dataclass
class State:
    """A state that an execution entered: `seconds` in all, over every time that it was entered."""

    name: str
    kind: str  # Task, Choice, Wait, Pass, Succeed, Fail …
    entered: datetime  # the last time
    status: str = "RUNNING"  # RUNNING, SUCCEEDED or FAILED
    seconds: float = 0.0
    output: Any = None


@dataclass
class Execution:
    """An execution as far as its history has been read."""

    arn: str
    name: str
    states: dict[str, State] = field(default_factory=dict)  # by name, in the order in which they were first entered
    status: str = "RUNNING"
    output: Any = None
    error: str = ""
    cause: str = ""
    stopped: datetime = datetime.min
    redrives: int = 0
    read: int = 0  # how many events of its history are taken in

    @property
    def failed_state(self) -> State | None:
        """The state at which the execution failed."""
        return next((state for state in reversed(self.states.values()) if state.status == "FAILED"), None)


def start(client: Any, machine_arn: str, execution_input: JsonObject, cause: str) -> Execution:
    """Start an execution whose name is the hash of what caused it, so that a duplicate cause costs nothing.

    Args:
        client: a Step Functions client.
        machine_arn: the state machine.
        execution_input: its input.
        cause: what else makes this run differ from others: the data's hash.
    """
    definition = client.describe_state_machine(stateMachineArn=machine_arn)["definition"]
    for attempt in range(_ATTEMPTS):
        text = json.dumps([definition, execution_input, cause, attempt], sort_keys=True)
        name = hashlib.sha256(text.encode()).hexdigest()[:8]
        try:
            started = client.start_execution(stateMachineArn=machine_arn, name=name, input=json.dumps(execution_input))
        except client.exceptions.ExecutionAlreadyExists:
            continue  # the same run was made before: this is the next attempt
        return Execution(arn=started["executionArn"], name=name)
    raise AssertionError(f"{_ATTEMPTS} executions of {machine_arn} had the same cause")


def redrive(client: Any, arn: str) -> Execution:
    """Let an execution that did not succeed go on where it failed; its states until then are taken in.

    Args:
        client: a Step Functions client.
        arn: the execution.
    """
    events = history(client, arn)
    client.redrive_execution(executionArn=arn)
    described = client.describe_execution(executionArn=arn)
    execution = Execution(arn=arn, name=described["name"], redrives=described["redriveCount"], read=len(events))
    for event in events:
        _apply(execution, event)
    return execution


def follow(client: Any, execution: Execution) -> Iterator[State]:
    """Yield a state each time that it starts and each time that it ends, until the execution has ended."""
    over = False
    while not over:
        events = history(client, execution.arn)
        for event in events[execution.read :]:
            state = _apply(execution, event)
            if state is not None:
                yield state
        execution.read = len(events)
        over = bool(events) and events[-1]["type"] in _LAST_EVENTS
        if not over:
            time.sleep(_LOOK_SECONDS)
    described = client.describe_execution(executionArn=execution.arn)
    execution.status, execution.stopped = described["status"], described["stopDate"]
    execution.output = json.loads(described.get("output") or "null")
    execution.error, execution.cause = described.get("error", ""), described.get("cause", "")
    for state in execution.states.values():
        if state.status == "RUNNING":
            state.status = "SUCCEEDED" if execution.status == "SUCCEEDED" else "FAILED"
            state.seconds += (execution.stopped - state.entered).total_seconds()
            yield state


def _apply(execution: Execution, event: JsonObject) -> State | None:
    kind, _, change = event["type"].partition("State")
    if change == "Entered":
        name = event["stateEnteredEventDetails"]["name"]
        state = execution.states.setdefault(name, State(name, kind, event["timestamp"]))
        state.status, state.entered = "RUNNING", event["timestamp"]
        return state
    if change == "Exited":
        details = event["stateExitedEventDetails"]
        state = execution.states[details["name"]]
        state.seconds += (event["timestamp"] - state.entered).total_seconds()
        state.status, state.output = "SUCCEEDED", json.loads(details.get("output") or "null")
        return state
    return None


def history(client: Any, arn: str) -> list[JsonObject]:
    """Return the events of an execution so far, the first one first."""
    pages = client.get_paginator("get_execution_history").paginate(executionArn=arn)
    return [event for page in pages for event in page["events"]]


def reason(cause: str) -> str:
    """Return the human part of a failure's cause, which services wrap in JSON of their own."""
    try:
        wrapped = json.loads(cause)
    except ValueError:
        return cause
    if not isinstance(wrapped, dict):
        return cause
    return str(wrapped.get("errorMessage") or wrapped.get("FailureReason") or cause)
