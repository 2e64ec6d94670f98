"""What is said of an execution that did not succeed: pure functions of what AWS said of it."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from hooks.causes import likely_cause
from hooks.failures import Failure, Log

_MAX_SUBJECT = 99  # SNS: fewer than 100
_MAX_LINE = 300  # characters of a line of a log
# What an endpoint passes through; it serves meanwhile if it served before.
_PASSING = {
    "Creating": "created",
    "Updating": "updated",
    "SystemUpdating": "brought back",
    "RollingBack": "rolled back",
}
_CONSOLES = {"cn-": "console.amazonaws.cn", "us-gov-": "console.amazonaws-us-gov.com"}


def describe_service(endpoint: str, description: Mapping[str, Any] | None) -> str:
    """Return what the endpoint serves now, from DescribeEndpoint's answer; None is no endpoint."""
    if description is None:
        return f"there is no endpoint {endpoint} yet."
    status, config = description["EndpointStatus"], description["EndpointConfigName"]
    if status == "InService":
        return f"endpoint {endpoint} is in service, with {config}."
    if status in _PASSING:
        return f"endpoint {endpoint} is being {_PASSING[status]} ({status}), with {config}."
    reason = f": {description['FailureReason']}" if description.get("FailureReason") else ""
    return f"endpoint {endpoint} is {status}, with {config}{reason}."


def log_link(log: Log, stream: str, *, region: str) -> str:
    """Return the address of a log stream in AWS's console, which has its parts encoded twice, in a way of its own."""
    console = next((host for prefix, host in _CONSOLES.items() if region.startswith(prefix)), "console.aws.amazon.com")
    group, stream = (quote(quote(part, safe=""), safe="").replace("%", "$") for part in (log.group, stream))
    return (
        f"https://{region}.{console}/cloudwatch/home?region={region}"
        f"#logsV2:log-groups/log-group/{group}/log-events/{stream}"
    )


def write_report(
    failure: Failure, *, service: str, alarms: Sequence[str] = (), log: str = "", tail: Sequence[str] = ()
) -> tuple[str, str]:
    """Return the subject and the text of the report: what happened, what it means, what to do.

    `service` is what serves now, "" if nothing is to; `alarms` are those that are on; `log` is a link, and `tail` are
    its last lines.
    """
    cause = likely_cause(failure)
    why = ": ".join(part for part in (failure.error, failure.cause) if part) or "none was given"
    name = failure.execution.rpartition(":")[2]
    after = f" after {_duration(failure.seconds)}" if failure.seconds is not None else ""
    parts = {
        "Cause": why.splitlines(),
        "Alarms": alarms,
        "Means": [cause.means],
        "Serves": [service] if service else [],
        "Do": [cause.remedy],
        "Log": [said for said in (log, *(line.rstrip()[:_MAX_LINE] for line in tail)) if said and said not in why],
        "Where": [failure.execution],
    }
    lines = [
        f"{failure.machine} · execution {name} · {failure.status} at {failure.state}{after}",
        "",
        *(
            f"{word if first else '':8}{line}"
            for word, said in parts.items()
            for first, line in zip([True] + [False] * len(said), said, strict=False)
        ),
    ]
    subject = f"{failure.machine} {failure.status} at {failure.state}"
    return subject[:_MAX_SUBJECT], "\n".join(lines)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} m {rest} s" if minutes else f"{rest} s"
