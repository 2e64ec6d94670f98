"""What is kept of a run, in .penstock/runs/<execution>/: its calls, logs and history."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from penstock.run.execution import Execution, history
from penstock.run.session import Session

_KEPT = 20
_LOG_GROUPS = ("/aws/sagemaker/TrainingJobs", "/aws/sagemaker/Endpoints/", "/aws/lambda/")


def keep(session: Session, run: Execution, folder: Path, *, calls_from: int) -> None:
    """Write what a run left behind into its folder, and drop the folders of runs long ago.

    Args:
        session: the cloud that it ran in.
        run: the execution.
        folder: the run's own folder; its siblings are other runs'.
        calls_from: how many bytes the record of calls had before the run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    by_age = sorted(folder.parent.iterdir(), key=lambda other: other.stat().st_mtime)
    for other in by_age[:-_KEPT]:
        shutil.rmtree(other, ignore_errors=True)
    with (session.work / "calls.jsonl").open("rb") as calls:
        calls.seek(calls_from)
        (folder / "calls.jsonl").write_bytes(calls.read())
    events = history(session.clients.operator("stepfunctions"), run.arn)
    (folder / "history.json").write_text(json.dumps(events, indent=1, default=str) + "\n")
    for name, lines in _logs(session.clients.operator("logs"), since=events[0]["timestamp"]):
        (folder / f"{name}.log").write_text("".join(f"{line}\n" for line in lines))


def _logs(logs: Any, since: Any) -> Iterator[tuple[str, list[str]]]:
    for prefix in _LOG_GROUPS:
        for group in logs.describe_log_groups(logGroupNamePrefix=prefix)["logGroups"]:
            events = logs.filter_log_events(logGroupName=group["logGroupName"], startTime=int(since.timestamp() * 1000))
            lines = [event["message"].rstrip("\n") for event in events["events"]]
            if lines:
                yield group["logGroupName"].removeprefix("/aws/").replace("/", "-"), lines
