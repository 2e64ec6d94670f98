"""The human part of a failure's cause."""

import json
import re

from penstock.local.service import JsonObject

# What AWS's SDK adds to a service's message in a cause: it helps nobody but AWS's support.
_SDK_NOTE = re.compile(r" \(Service: [^()]*Request ID: [^()]*\)")


def reason(cause: str) -> str:
    """Return the human part of a failure's cause, which services wrap in JSON of their own."""
    try:
        wrapped = json.loads(cause)
    except ValueError:
        wrapped = None
    if isinstance(wrapped, dict):
        keys = ("errorMessage", "ExitMessage", "FailureReason")  # what a program says itself is nearest to the matter
        told = next((wrapped[key] for key in keys if wrapped.get(key)), "")
        cause = str(told or _job(wrapped) or cause)
    return _SDK_NOTE.sub("", cause)


def _job(described: JsonObject) -> str:
    """Return how a job ended that gives no reason, from its description; or nothing, if it is none."""
    kind = next((key.removesuffix("JobStatus") for key in described if key.endswith("JobStatus")), None)
    if kind is None:
        return ""
    status, detail = described[f"{kind}JobStatus"], described.get("SecondaryStatus") or _overrun(described)
    why = f" ({detail})" if detail not in {None, status} else ""
    end = "was stopped" if status == "Stopped" else f"ended {status}"
    return f"{kind.lower()} job {described.get(f'{kind}JobName')} {end}{why}"


def _overrun(described: JsonObject) -> str | None:
    """Return what a training job says itself if its time was over: a processing job says only that it was stopped."""
    most = described.get("StoppingCondition", {}).get("MaxRuntimeInSeconds")
    began, ended = described.get("ProcessingStartTime"), described.get("ProcessingEndTime")  # in milliseconds
    return "MaxRuntimeExceeded" if most and began and ended and ended - began >= 1000 * most else None
