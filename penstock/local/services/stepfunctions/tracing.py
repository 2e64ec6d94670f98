"""The trace of an execution, as X-Ray takes it."""

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from penstock.local.clients import Clients
from penstock.local.service import JsonObject
from penstock.local.services import xray
from penstock.local.services.stepfunctions.role import PRINCIPAL

if TYPE_CHECKING:
    from penstock.local.services.stepfunctions.execution import Execution


def send(execution: "Execution", clients: Clients, access: Any) -> None:
    """Send the trace of an execution that has ended, as its machine's role.

    What X-Ray is asked about sampling is no call in this cloud: it traces everything.

    Raises:
        AwsError: the role may not ask about sampling.
        ClientError: the role may not send traces.
    """
    role = execution.plan.role_arn
    for action in ("xray:GetSamplingRules", "xray:GetSamplingTargets"):
        access.require(role, action, "*", by=PRINCIPAL)
    client = clients.role(role, "xray", session="xray", by=PRINCIPAL, source=execution.plan.machine_arn)
    xray.send(client, segment(execution))


def segment(execution: "Execution") -> JsonObject:
    """Return the segment of an execution: a subsegment for each time that it was in a state."""
    began = execution.redriven or execution.started
    return {
        "name": execution.plan.machine_name,
        "id": secrets.token_hex(8),
        "trace_id": xray.trace_id(began.timestamp()),
        "start_time": began.timestamp(),
        "end_time": execution.stopped.timestamp() if execution.stopped else None,
        "fault": execution.status != "SUCCEEDED",
        "origin": "AWS::StepFunctions::StateMachine",
        "aws": {"execution_arn": execution.arn, "resource_arn": execution.plan.machine_arn},
        "subsegments": [*_states(execution)],
    }


def _states(execution: "Execution") -> Iterator[JsonObject]:
    open_: dict[Any, JsonObject] = {}
    for entry in execution.history.entries:
        event, at = entry.event, entry.event["timestamp"].timestamp()
        if "stateEnteredEventDetails" in event:
            name = event["stateEnteredEventDetails"]["name"]
            open_[entry.path] = {"name": name, "id": secrets.token_hex(8), "start_time": at}
        elif "stateExitedEventDetails" in event and entry.path in open_:
            yield {**open_.pop(entry.path), "end_time": at}
    for state in open_.values():
        yield {**state, "end_time": at, "fault": True}
