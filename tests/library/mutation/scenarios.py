"""What is done in a world, and what can be seen of it: how it ended, what was reported, which logs and traces it left.

Each grant is missed in one of these.
"""

import contextlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from battery import scenes
from battery.project import ENDPOINT
from battery.runs import Ended
from battery.world import World
from mutation.watching import GROUPS, HOOKS, messages, watched

Scenario = Callable[[World], str]
_WAITING_SECONDS = 10


def update(world: World) -> str:
    """Run where an endpoint serves."""
    world.serving()
    with watched(world) as seen:
        seen.append(told(world.run()))
    return "\n".join(seen)


def first(world: World) -> str:
    """Run where there is no endpoint."""
    world.without_endpoint()
    return told(world.run())


def after_failed_endpoint(world: World) -> str:
    """Run where an endpoint has failed."""
    world.serving()
    world.without_endpoint()
    scenes.failed_endpoint(world, "")
    world.plan()
    return told(world.run())


def failed_job(world: World) -> str:
    """Run, with a training job that fails, and read the report."""
    return _failed(world, "fail=training")


def failed_program(world: World) -> str:
    """Run, with a training program that fails and says why, and read the report."""
    return _failed(world, settings={"break": "Bad data"})


def taken_back(world: World) -> str:
    """Run, with an endpoint that goes back to the former model, and read the report."""
    return _failed(world, "endpoint=RollingBack:update,seconds=0")


def _failed(world: World, *faults: str, settings: Mapping[str, str] | None = None) -> str:
    world.serving()
    world.plan(*faults)
    logged = len(messages(world, "after-failure"))
    with watched(world) as seen:
        ended = world.run(settings)
        world.plan()
        reported = until(lambda: world.mail.about(ended.arn) or messages(world, "after-failure")[logged:])
        seen.append(f"{told(ended)}\nreported {reported}")
    return "\n".join([*seen, *messages(world, "after-failure")[logged:]])


def renewed(world: World) -> str:
    """Run with hooks whose processes are new, and a log group of jobs that is; then with a job that fails."""
    world.serving()
    for hook in HOOKS:
        world.client("lambda").update_function_configuration(
            FunctionName=f"{ENDPOINT}-{hook}", Description=secrets.token_hex(4)
        )
    logs = world.client("logs")
    with contextlib.suppress(logs.exceptions.ResourceNotFoundException):
        logs.delete_log_group(logGroupName=GROUPS["training"])
    return f"{update(world)}\n{failed_job(world)}"


def stopped(world: World, kind: str = "training") -> str:
    """Stop a run while it trains, or while another job hangs, and see what comes of the job."""
    world.serving()
    world.plan(f"hang={kind}")
    arn = world.start()
    until(lambda: not world.unmet())
    (job,) = until(world.jobs)
    world.client("stepfunctions").stop_execution(executionArn=arn)
    sagemaker, word = world.client("sagemaker"), kind.capitalize()
    describe = getattr(sagemaker, f"describe_{kind}_job")
    ending = until(
        lambda: (
            describe(**{f"{word}JobName": job})[f"{word}JobStatus"] in {"Stopping", "Stopped"}
            or _denied(world, arn.rpartition(":")[2])
        )
    )
    world.plan()
    with contextlib.suppress(sagemaker.exceptions.ClientError):
        getattr(sagemaker, f"stop_{kind}_job")(**{f"{word}JobName": job})
    return f"the job ended: {ending}"


def stopped_processing(world: World) -> str:
    """Stop a run while it checks its data, and see what comes of the job."""
    return stopped(world, "processing")


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
    done = until(lambda: _actions(world, name)[began:])
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
    return told(world.wait(world.start(name=name)))


def told(ended: Ended) -> str:
    return f"{ended.status} {ended.error} {ended.cause}"


def _denied(world: World, session: str) -> str:
    """Return the calls of a role's session that were denied."""
    calls = map(json.loads, (world.cloud.work / "calls.jsonl").read_text().splitlines())
    denied = [call for call in calls if call["caller"].endswith(f"/{session}") and "AccessDenied" in call["result"]]
    return ", ".join(f"{call['service']}:{call['operation']} was denied" for call in denied)


def until(found: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + _WAITING_SECONDS
    while not (result := found()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return result
