"""The history of an execution, taken in event by event."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from penstock.local.service import JsonObject
from penstock.run.execution import Execution, State

_ENDS_OF_TASKS = ("Failed", "TimedOut", "Succeeded")
_ENDS = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionTimedOut": "TIMED_OUT",
    "ExecutionAborted": "ABORTED",
}


def history(client: Any, arn: str) -> list[JsonObject]:
    """Return the events of an execution so far, the first one first."""
    pages = client.get_paginator("get_execution_history").paginate(executionArn=arn)
    return [event for page in pages for event in page["events"]]


def ended(events: Sequence[JsonObject]) -> bool:
    """Is the last event an execution's end?"""
    return bool(events) and events[-1]["type"] in _ENDS


def take_all(execution: Execution, events: Sequence[JsonObject]) -> Execution:
    """Take in the events of an execution, and how it has ended, if it has; return it."""
    for event in events:
        take(execution, event)
    end(execution, events)
    return execution


def take(execution: Execution, event: JsonObject) -> State | None:
    """Take in an event; return the state that it started or ended, if it did."""
    execution.read += 1
    kind, _, change = event["type"].partition("State")
    if change == "Entered":
        return _enter(execution, kind, event)
    if change == "Exited":
        return _leave(execution, event)
    state = execution.current
    if state is not None and event["type"] == "TaskScheduled":
        told = event["taskScheduledEventDetails"]
        state.resource, state.parameters = told["resource"], json.loads(told.get("parameters") or "null")
    elif state is not None and event["type"] not in _ENDS and event["type"].endswith(_ENDS_OF_TASKS):
        details = _details(event)
        state.caught, state.cause = details.get("error", ""), details.get("cause", "")  # until it is tried again
    return None


def end(execution: Execution, events: Sequence[JsonObject]) -> list[State]:
    """Take in how an execution has ended, if it has; return the states that ended with it."""
    if not ended(events):
        return []
    last = events[-1]
    details = _details(last)
    execution.status, execution.stopped = _ENDS[last["type"]], last["timestamp"]
    execution.output = json.loads(details.get("output") or "null")
    execution.error, execution.cause = details.get("error", ""), details.get("cause", "")
    open_ = [state for state in execution.states.values() if state.status == "RUNNING"]
    for state in open_:
        state.status = "SUCCEEDED" if execution.status == "SUCCEEDED" else "FAILED"
        state.seconds += _seconds(execution, state, last["timestamp"])
    return open_


def decided(events: Sequence[JsonObject]) -> str | None:
    """Return the Fail state at which an execution ended, if it did: redriven, it would end there again at once."""
    last = next((event for event in reversed(events) if "stateEnteredEventDetails" in event), None)
    if last is None or last["type"] != "FailStateEntered":
        return None
    name: str = last["stateEnteredEventDetails"]["name"]
    return name


def _enter(execution: Execution, kind: str, event: JsonObject) -> State:
    name = event["stateEnteredEventDetails"]["name"]
    state = execution.states.setdefault(name, State(name, kind, event["timestamp"]))
    state.status, state.entered, state.caught, state.cause = "RUNNING", event["timestamp"], "", ""
    execution.path.append(name)
    execution.current = state
    return state


def _leave(execution: Execution, event: JsonObject) -> State:
    details = event["stateExitedEventDetails"]
    state = execution.states[details["name"]]
    state.seconds += _seconds(execution, state, event["timestamp"])
    state.status, state.output = "SUCCEEDED", json.loads(details.get("output") or "null")
    execution.variables |= dict(_assigned(details.get("assignedVariables", {}).items()))
    return state


def _assigned(variables: Iterable[tuple[str, str]]) -> Iterable[tuple[str, Any]]:
    for name, text in variables:
        try:
            yield name, json.loads(text)
        except ValueError:
            yield name, text.removeprefix('"').removesuffix('"')  # cut off, as a long one is


def _details(event: JsonObject) -> JsonObject:
    told: JsonObject = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
    return told


def _seconds(execution: Execution, state: State, until: datetime) -> float:
    return (until - state.entered).total_seconds() / execution.speed
