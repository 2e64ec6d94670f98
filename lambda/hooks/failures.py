"""What AWS said of an execution that did not succeed: pure functions of it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

_MAX_CAUSE = 2000  # characters: enough to act on; the execution's history has all of it
# What AWS's SDK adds to a service's message: it helps nobody but AWS's support.
_SDK_NOTE = re.compile(r" \(Service: [^()]*Request ID: [^()]*\)")
# The log groups of jobs, by what names a job in the request for it, and how its log streams' names go on after that.
_JOB_LOGS = {
    "ProcessingJobName": ("ProcessingJobs", "/"),
    "TrainingJobName": ("TrainingJobs", "/"),
    "HyperParameterTuningJobName": ("TrainingJobs", "-"),  # its training jobs are named after it
    "TransformJobName": ("TransformJobs", "/"),
}
_ENDPOINT_ERRORS = ("EndpointRolledBack", "EndpointFailed", "SmokeTestFailed")


@dataclass(frozen=True)
class Log:
    """Where what failed has logged: a group, and how the names of its streams begin."""

    group: str
    streams: str


@dataclass(frozen=True)
class Failure:
    """An execution that did not succeed: the state that it was in, and the error's name and cause, if it has them.

    `seconds` is how long it took, if that is known; `log` is where the reason may be found.
    """

    execution: str
    machine: str
    status: str
    state: str
    error: str
    cause: str
    seconds: float | None = None
    log: Log | None = None


def read_failure(detail: Mapping[str, Any], latest_events: Sequence[Mapping[str, Any]]) -> Failure:
    """Return what an EventBridge event's detail and the end of the execution's history, the last event first, say."""
    last = latest_events[0] if latest_events else {}
    details: Mapping[str, Any] = next((value for key, value in last.items() if key.endswith("EventDetails")), {})
    entered = (
        event["stateEnteredEventDetails"]["name"] for event in latest_events if "stateEnteredEventDetails" in event
    )
    error = details.get("error") or detail.get("error") or ""
    machine = detail["stateMachineArn"].rpartition(":")[2]
    return Failure(
        execution=detail["executionArn"],
        machine=machine,
        status=detail["status"],
        state=next(entered, "its start"),
        error=error,
        cause=_readable(details.get("cause") or detail.get("cause") or ""),
        seconds=_seconds(detail),
        log=_endpoint_log(machine) if error in _ENDPOINT_ERRORS else _job_log(latest_events),
    )


def _seconds(detail: Mapping[str, Any]) -> float | None:
    start, stop = detail.get("startDate"), detail.get("stopDate")
    return (stop - start) / 1000 if start and stop else None


def _endpoint_log(endpoint: str) -> Log:
    return Log(f"/aws/sagemaker/Endpoints/{endpoint}", "")


def _job_log(latest_events: Sequence[Mapping[str, Any]]) -> Log | None:
    """Return where the job logs that the last state started, if that is what it did."""
    of_last_state = takewhile(lambda event: "stateEnteredEventDetails" not in event, latest_events)
    started = (event["taskScheduledEventDetails"] for event in of_last_state if "taskScheduledEventDetails" in event)
    scheduled: Mapping[str, Any] = next(started, {})
    request = _document(scheduled.get("parameters", ""))
    for key, (group, goes_on) in _JOB_LOGS.items():
        if key in request:
            return Log(f"/aws/sagemaker/{group}", request[key] + goes_on)
    return None


def _readable(cause: str) -> str:
    """Return the message in a cause: a hook's and a job's causes are JSON documents with it inside."""
    document = _document(cause)
    keys = ("errorMessage", "ExitMessage", "FailureReason")  # what a program says itself is nearest to the matter
    message = next((document[key] for key in keys if document.get(key)), "") or _job(document)
    return _SDK_NOTE.sub("", message or cause)[:_MAX_CAUSE]


def _document(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _job(description: Mapping[str, Any]) -> str:
    """Return how a job ended that gives no reason; nothing of what is no job's description."""
    kind = next((key.removesuffix("JobStatus") for key in description if key.endswith("JobStatus")), None)
    if kind is None:
        return ""
    status, detail = description[f"{kind}JobStatus"], description.get("SecondaryStatus") or _overrun(description)
    why = f" ({detail})" if detail not in {None, status} else ""
    end = "was stopped" if status == "Stopped" else f"ended {status}"
    return f"{kind.lower()} job {description.get(f'{kind}JobName')} {end}{why}"


def _overrun(description: Mapping[str, Any]) -> str | None:
    """Return what a training job says itself if its time was over: a processing job says only that it was stopped."""
    most = description.get("StoppingCondition", {}).get("MaxRuntimeInSeconds")
    began, ended = description.get("ProcessingStartTime"), description.get("ProcessingEndTime")  # in milliseconds
    return "MaxRuntimeExceeded" if most and began and ended and ended - began >= 1000 * most else None
