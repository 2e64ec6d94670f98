"""What grows in a cloud while something is done: logs, metrics and traces."""

import contextlib
import json
import time
from collections.abc import Iterator
from typing import Any

from battery.project import ENDPOINT
from battery.world import World

HOOKS = ("prepare", "find-champion", "gate", "smoke-test", "tidy", "after-failure")
GROUPS = {
    "training": "/aws/sagemaker/TrainingJobs",
    "endpoint": f"/aws/sagemaker/Endpoints/{ENDPOINT}",
    **{hook: f"/aws/lambda/{ENDPOINT}-{hook}" for hook in HOOKS},
}
_SHIPPING_SECONDS = 1.5


@contextlib.contextmanager
def watched(world: World) -> Iterator[list[str]]:
    """Yield a list, to which is added which logs have grown, and which metrics are new, in the meantime."""
    seen: list[str] = []
    before, metrics = {name: len(messages(world, name)) for name in GROUPS}, _metrics(world)
    record = world.cloud.work / "calls.jsonl"
    called = record.stat().st_size
    yield seen
    world.settle()
    time.sleep(_SHIPPING_SECONDS)
    seen += [f"log of {name}" for name in GROUPS if len(messages(world, name)) > before[name]]
    if _metrics(world) > metrics:
        seen.append("metrics of training")
    with record.open("rb") as lines:
        lines.seek(called)
        seen += sorted({_traced(call) for call in map(json.loads, lines) if call["service"] == "xray"})


def _traced(call: dict[str, Any]) -> str:
    """Say that X-Ray has taken what a role sent."""
    took = "took" if call["result"] == "OK" else "did not take"
    return f"X-Ray {took} {call['operation']} of {call['caller'].split('/')[1].removeprefix(f'{ENDPOINT}-')}"


def messages(world: World, name: str) -> list[str]:
    """Return what a log group has, the oldest first; nothing if there is no such group."""
    logs = world.client("logs")
    with contextlib.suppress(logs.exceptions.ResourceNotFoundException):
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=GROUPS[name])
        return [event["message"] for page in pages for event in page["events"]]
    return []


def _metrics(world: World) -> int:
    """Return how many jobs have a metric of their algorithm; those of instances are not put by the job's role."""
    found = world.client("cloudwatch").get_paginator("list_metrics")
    pages = found.paginate(Namespace="/aws/sagemaker/TrainingJobs", MetricName="rmse")
    return sum(len(page["Metrics"]) for page in pages)
