"""One execution of a state machine: started, followed state by state, ended."""

import hashlib
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from penstock.local.service import JsonObject

_LOOK_SECONDS = 0.1
_ENDS_OF_TASKS = ("Failed", "TimedOut", "Succeeded")
_LAST_EVENTS = {"ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"}
_ATTEMPTS = 1000
# What AWS's SDK adds to a service's message in a cause: it helps nobody but AWS's support.
_SDK_NOTE = re.compile(r" \(Service: [^()]*Request ID: [^()]*\)")


@dataclass
class State:
    """A state that an execution entered: `seconds` of this machine in all, over every time that it was entered."""

    name: str
    kind: str  # Task, Choice, Wait, Pass, Succeed, Fail …
    entered: datetime  # the last time
    status: str = "RUNNING"  # RUNNING, SUCCEEDED or FAILED
    seconds: float = 0.0
    output: Any = None
    caught: str = ""  # the error that it ended in, and that the state machine went on with


@dataclass
class Execution:
    """An execution as far as its history has been read, in a cloud whose time passes at a `speed`."""

    arn: str
    name: str
    states: dict[str, State] = field(default_factory=dict)  # by name, in the order in which they were first entered
    status: str = "RUNNING"
    output: Any = None
    error: str = ""
    cause: str = ""
    stopped: datetime = datetime.min
    current: State | None = None  # the one that was entered last
    redrives: int = 0
    read: int = 0  # how many events of its history are taken in
    speed: float = 1.0

    @property
    def failed_state(self) -> State | None:
        """The state at which the execution failed."""
        return next((state for state in reversed(self.states.values()) if state.status == "FAILED"), None)


def start(client: Any, machine_arn: str, execution_input: JsonObject, cause: str, *, speed: float = 1.0) -> Execution:
    """Start an execution whose name is the hash of what caused it, so that a duplicate cause costs nothing.

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
        try:
            started = client.start_execution(stateMachineArn=machine_arn, name=name, input=json.dumps(execution_input))
        except client.exceptions.ExecutionAlreadyExists:
            continue  # the same run was made before: this is the next attempt
        return Execution(started["executionArn"], name, speed=speed)
    raise AssertionError(f"{_ATTEMPTS} executions of {machine_arn} had the same cause")


def redrive(client: Any, arn: str, *, speed: float = 1.0) -> Execution:
    """Let an execution that did not succeed go on where it failed; its states until then are taken in.

    Args:
        client: a Step Functions client.
        arn: the execution.
        speed: how fast the cloud's time passes.
    """
    events = history(client, arn)
    client.redrive_execution(executionArn=arn)
    described = client.describe_execution(executionArn=arn)
    execution = Execution(arn, described["name"], redrives=described["redriveCount"], read=len(events), speed=speed)
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
            state.seconds += (execution.stopped - state.entered).total_seconds() / execution.speed
            yield state


def _apply(execution: Execution, event: JsonObject) -> State | None:
    kind, _, change = event["type"].partition("State")
    if change == "Entered":
        name = event["stateEnteredEventDetails"]["name"]
        state = execution.states.setdefault(name, State(name, kind, event["timestamp"]))
        state.status, state.entered, state.caught = "RUNNING", event["timestamp"], ""
        execution.current = state
        return state
    if change == "Exited":
        details = event["stateExitedEventDetails"]
        state = execution.states[details["name"]]
        state.seconds += (event["timestamp"] - state.entered).total_seconds() / execution.speed
        state.status, state.output = "SUCCEEDED", json.loads(details.get("output") or "null")
        return state
    if execution.current is not None and event["type"].endswith(_ENDS_OF_TASKS):
        told: JsonObject = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
        execution.current.caught = told.get("error", "")  # until it is tried again
    return None


def history(client: Any, arn: str) -> list[JsonObject]:
    """Return the events of an execution so far, the first one first."""
    pages = client.get_paginator("get_execution_history").paginate(executionArn=arn)
    return [event for page in pages for event in page["events"]]


def decided(client: Any, arn: str) -> str | None:
    """Return the Fail state at which an execution ended, if it did: redriven, it would end there again at once."""
    entered = (event for event in reversed(history(client, arn)) if "stateEnteredEventDetails" in event)
    last = next(entered, None)
    if last is None or last["type"] != "FailStateEntered":
        return None
    name: str = last["stateEnteredEventDetails"]["name"]
    return name


def reason(cause: str) -> str:
    """Return the human part of a failure's cause, which services wrap in JSON of their own."""
    try:
        wrapped = json.loads(cause)
    except ValueError:
        wrapped = None
    if isinstance(wrapped, dict):
        cause = str(wrapped.get("errorMessage") or wrapped.get("FailureReason") or _job(wrapped) or cause)
    return _SDK_NOTE.sub("", cause)


def _job(described: JsonObject) -> str:
    """Return how a job ended that gives no reason, from its description; or nothing, if it is none."""
    kind = next((key.removesuffix("JobStatus") for key in described if key.endswith("JobStatus")), None)
    if kind is None:
        return ""
    status, detail = described[f"{kind}JobStatus"], described.get("SecondaryStatus")
    why = f" ({detail})" if detail not in {None, status} else ""
    end = "was stopped" if status == "Stopped" else f"ended {status}"
    return f"{kind.lower()} job {described.get(f'{kind}JobName')} {end}{why}"
