"""What is said of an execution that did not succeed: pure functions of what AWS said of it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_MAX_CAUSE = 2000  # characters: enough to act on; the execution's history has all of it
_MAX_SUBJECT = 99  # SNS: fewer than 100
# What AWS's SDK adds to a service's message: it helps nobody but AWS's support.
_SDK_NOTE = re.compile(r" \(Service: [^()]*Request ID: [^()]*\)")

# What to do, by the first of these that the error's name or its cause contains. A redrive has the definition that the
# execution began with: it is no help where that has to change.
_REMEDIES = {
    "InvalidInput": "correct the input or the data as the cause says.",
    "LocalCloud.Ended": "{redrive}",
    "SmokeTestFailed": "compare with the smoke file. Mend the data, the container or the bounds; {deploy}",
    "EndpointRolledBack": "find in the endpoint's log why the new instances did not serve; start another execution.",
    "EndpointFailed": "find in the endpoint's log why it does not serve; start another execution.",
    "ResourceLimitExceeded": "ask for a higher limit (Service Quotas), then {redrive}",
    "not authorized to perform": "grant what the cause names, in penstock_constructs/steps; deploy, then {redrive}",
    "Rate exceeded": "AWS was busy: {redrive}",
    "CapacityError": "AWS has no such instance free: {redrive}",
    "InternalServerError": "AWS failed: {redrive}",
    "SdkClientException": "AWS could not be reached: {redrive}",
    "MaxRuntimeExceeded": "raise train.max_runtime_minutes in pipeline.yaml; {deploy}",
    " was stopped": "somebody stopped the job. If that was a mistake, {redrive}",
    "States.TaskFailed": "find out why in the job's log, mend the data or the container, start another execution.",
}
_BY_STATUS = {
    "TIMED_OUT": "find out what took so long, or raise timeout_minutes in pipeline.yaml; {deploy}",
    "ABORTED": "somebody stopped it. If that was a mistake, {redrive}",
}
_OTHERWISE = "mend what the cause says; {deploy}"
# What an endpoint passes through; it serves meanwhile if it served before.
_PASSING = {
    "Creating": "created",
    "Updating": "updated",
    "SystemUpdating": "brought back",
    "RollingBack": "rolled back",
}


@dataclass(frozen=True)
class Failure:
    """An execution that did not succeed: the state that it was in, and the error's name and cause, if it has them."""

    execution: str
    machine: str
    status: str
    state: str
    error: str
    cause: str


def read_failure(detail: Mapping[str, Any], latest_events: Sequence[Mapping[str, Any]]) -> Failure:
    """Return what an EventBridge event's detail and the end of the execution's history, the last event first, say."""
    last = latest_events[0] if latest_events else {}
    details: Mapping[str, Any] = next((value for key, value in last.items() if key.endswith("EventDetails")), {})
    entered = (
        event["stateEnteredEventDetails"]["name"] for event in latest_events if "stateEnteredEventDetails" in event
    )
    return Failure(
        execution=detail["executionArn"],
        machine=detail["stateMachineArn"].rpartition(":")[2],
        status=detail["status"],
        state=next(entered, "its start"),
        error=details.get("error") or detail.get("error") or "",
        cause=_readable(details.get("cause") or detail.get("cause") or ""),
    )


def describe_service(endpoint: str, description: Mapping[str, Any] | None) -> str:
    """Return what the endpoint serves now, from DescribeEndpoint's answer; None is no endpoint."""
    if description is None:
        return f"There is no endpoint {endpoint} yet."
    status, config = description["EndpointStatus"], description["EndpointConfigName"]
    if status == "InService":
        return f"Endpoint {endpoint} is in service, with {config}."
    if status in _PASSING:
        return f"Endpoint {endpoint} is being {_PASSING[status]} ({status}), with {config}."
    reason = f": {description['FailureReason']}" if description.get("FailureReason") else ""
    return f"Endpoint {endpoint} is {status}, with {config}{reason}."


def write_report(failure: Failure, service: str) -> tuple[str, str]:
    """Return the subject and the text of the report: what happened, what it means, what to do."""
    name = failure.execution.rpartition(":")[2]
    subject = f"{failure.machine} {failure.status} at {failure.state}"
    why = ": ".join(part for part in (failure.error, failure.cause) if part) or "none was given"
    lines = [
        f"{failure.machine} · execution {name} · {failure.status} at {failure.state}",
        "",
        f"Cause  {why}",
        f"Means  {service}",
        f"Do     {_remedy(failure)}",
        f"Where  {failure.execution}",
    ]
    return subject[:_MAX_SUBJECT], "\n".join(lines)


def _remedy(failure: Failure) -> str:
    said = f"{failure.error} {failure.cause}"
    matching = (remedy for sign, remedy in _REMEDIES.items() if sign in said)
    remedy = _BY_STATUS.get(failure.status) or next(matching, _OTHERWISE)
    return remedy.format(
        redrive=f"redrive it: it continues at {failure.state}.", deploy="deploy, then start another execution."
    )


def _readable(cause: str) -> str:
    """Return the message in a cause: a hook's and a job's causes are JSON documents with it inside."""
    try:
        document = json.loads(cause)
    except ValueError:
        document = None
    message = ""
    if isinstance(document, dict):
        message = document.get("errorMessage") or document.get("FailureReason") or _job(document)
    return _SDK_NOTE.sub("", message or cause)[:_MAX_CAUSE]


def _job(description: Mapping[str, Any]) -> str:
    """Return how a job ended that gives no reason; nothing of what is no job's description."""
    kind = next((key.removesuffix("JobStatus") for key in description if key.endswith("JobStatus")), None)
    if kind is None:
        return ""
    status, detail = description[f"{kind}JobStatus"], description.get("SecondaryStatus")
    why = f" ({detail})" if detail not in {None, status} else ""
    end = "was stopped" if status == "Stopped" else f"ended {status}"
    return f"{kind.lower()} job {description.get(f'{kind}JobName')} {end}{why}"
