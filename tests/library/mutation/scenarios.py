"""What is done in a world, and what can be seen of it: how it ended, what was reported, which logs and traces it left.

Each grant is missed in one of these.
"""

import contextlib
import json
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any

from battery import scenes
from battery.project import ENDPOINT
from battery.runs import Ended
from battery.world import World

Scenario = Callable[[World], str]
HOOKS = ("prepare", "smoke-test", "after-failure")
_GROUPS = {
    "training": "/aws/sagemaker/TrainingJobs",
    "endpoint": f"/aws/sagemaker/Endpoints/{ENDPOINT}",
    **{hook: f"/aws/lambda/{ENDPOINT}-{hook}" for hook in HOOKS},
}
_WAITING_SECONDS = 10
_SHIPPING_SECONDS = 1.5


def update(world: World) -> str:
    """Run where an endpoint serves."""
    world.serving()
    with _watched(world) as seen:
        seen.append(_told(world.run()))
    return "\n".join(seen)


def first(world: World) -> str:
    """Run where there is no endpoint."""
    world.without_endpoint()
    return _told(world.run())


def after_failed_endpoint(world: World) -> str:
    """Run where an endpoint has failed."""
    world.serving()
    world.without_endpoint()
    scenes.failed_endpoint(world, "")
    world.plan()
    return _told(world.run())


def failed_job(world: World) -> str:
    """Run, with a training job that fails, and read the report."""
    world.serving()
    world.plan("fail=training")
    logged = len(_messages(world, "after-failure"))
    with _watched(world) as seen:
        ended = world.run()
        world.plan()
        reported = _until(lambda: world.mail.about(ended.arn) or _messages(world, "after-failure")[logged:])
        seen.append(f"{_told(ended)}\nreported {reported}")
    return "\n".join([*seen, *_messages(world, "after-failure")[logged:]])


def renewed(world: World) -> str:
    """Run with hooks whose processes are new, and a log group of jobs that is; then with a job that fails."""
    world.serving()
    for hook in HOOKS:
        world.client("lambda").update_function_configuration(
            FunctionName=f"{ENDPOINT}-{hook}", Description=secrets.token_hex(4)
        )
    logs = world.client("logs")
    with contextlib.suppress(logs.exceptions.ResourceNotFoundException):
        logs.delete_log_group(logGroupName=_GROUPS["training"])
    return f"{update(world)}\n{failed_job(world)}"


def stopped(world: World) -> str:
    """Stop a run while it trains, and see what comes of the job."""
    world.serving()
    world.plan("hang=training")
    arn = world.start()
    (job,) = _until(world.jobs)
    world.client("stepfunctions").stop_execution(executionArn=arn)
    sagemaker = world.client("sagemaker")
    ending = _until(
        lambda: (
            sagemaker.describe_training_job(TrainingJobName=job)["TrainingJobStatus"] in {"Stopping", "Stopped"}
            or _denied(world, arn.rpartition(":")[2])
        )
    )
    world.plan()
    with contextlib.suppress(sagemaker.exceptions.ClientError):
        sagemaker.stop_training_job(TrainingJobName=job)
    return f"the job ended: {ending}"


def changed(world: World) -> str:
    """Change the machine, where there is no rule yet by which it hears of jobs."""
    states, events = world.client("stepfunctions"), world.client("events")
    for rule in events.list_rules(NamePrefix="StepFunctionsGetEvents")["Rules"]:
        for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]:
            events.remove_targets(Rule=rule["Name"], Ids=[target["Id"]])
        events.delete_rule(Name=rule["Name"])
    machine = states.describe_state_machine(stateMachineArn=world.machine)
    settings = {name: machine[name] for name in ("definition", "loggingConfiguration")}
    try:
        states.update_state_machine(stateMachineArn=world.machine, **settings)
    except states.exceptions.ClientError as error:
        return str(error)
    return "changed"


def alarm(world: World) -> str:
    """Raise an alarm, and see what it did."""
    cloudwatch = world.client("cloudwatch")
    name = cloudwatch.describe_alarms()["MetricAlarms"][0]["AlarmName"]
    began = len(_actions(world, name))
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="to see what comes of it")
    done = _until(lambda: _actions(world, name)[began:])
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="it is seen")
    return f"the alarm did {done}"


def _actions(world: World, alarm_name: str) -> list[str]:
    """Return what an alarm has done, and what came of it, the oldest first."""
    pages = world.client("cloudwatch").get_paginator("describe_alarm_history")
    found = pages.paginate(AlarmName=alarm_name, HistoryItemType="Action", ScanBy="TimestampAscending")
    return [item["HistoryData"] for page in found for item in page["AlarmHistoryItems"]]


def pinned_before(world: World) -> str:
    """Run under the name of a run that has pinned its data already."""
    world.serving()
    name = secrets.token_hex(4)
    record = json.dumps({"execution": "another", "copies": []}).encode()
    bucket = world.outputs["ArtefactBucketName"]
    world.client("s3").put_object(Bucket=bucket, Key=f"tiny/runs/{name}/pinned.json", Body=record)
    return _told(world.wait(world.start(name=name)))


def _told(ended: Ended) -> str:
    return f"{ended.status} {ended.error} {ended.cause}"


@contextlib.contextmanager
def _watched(world: World) -> Iterator[list[str]]:
    """Yield a list, to which is added which logs have grown, and which metrics are new, in the meantime."""
    seen: list[str] = []
    before, metrics = {name: len(_messages(world, name)) for name in _GROUPS}, _metrics(world)
    record = world.cloud.work / "calls.jsonl"
    called = record.stat().st_size
    yield seen
    world.settle()
    time.sleep(_SHIPPING_SECONDS)
    seen += [f"log of {name}" for name in _GROUPS if len(_messages(world, name)) > before[name]]
    if _metrics(world) > metrics:
        seen.append("metrics of training")
    with record.open("rb") as lines:
        lines.seek(called)
        seen += sorted({_traced(call) for call in map(json.loads, lines) if call["service"] == "xray"})


def _traced(call: dict[str, Any]) -> str:
    """Say that X-Ray has taken what a role sent."""
    took = "took" if call["result"] == "OK" else "did not take"
    return f"X-Ray {took} {call['operation']} of {call['caller'].split('/')[1].removeprefix(f'{ENDPOINT}-')}"


def _messages(world: World, name: str) -> list[str]:
    """Return what a log group has, the oldest first; nothing if there is no such group."""
    logs = world.client("logs")
    with contextlib.suppress(logs.exceptions.ResourceNotFoundException):
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=_GROUPS[name])
        return [event["message"] for page in pages for event in page["events"]]
    return []


def _metrics(world: World) -> int:
    pages = world.client("cloudwatch").get_paginator("list_metrics").paginate(Namespace="/aws/sagemaker/TrainingJobs")
    return sum(len(page["Metrics"]) for page in pages)


def _denied(world: World, session: str) -> str:
    """Return the calls of a role's session that were denied."""
    calls = map(json.loads, (world.cloud.work / "calls.jsonl").read_text().splitlines())
    denied = [call for call in calls if call["caller"].endswith(f"/{session}") and "AccessDenied" in call["result"]]
    return ", ".join(f"{call['service']}:{call['operation']} was denied" for call in denied)


def _until(found: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + _WAITING_SECONDS
    while not (result := found()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return result
