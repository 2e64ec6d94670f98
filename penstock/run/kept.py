"""What is kept of a run, in .penstock/runs/<execution>/: its calls, faults, logs, history, definition and reports."""

import json
import shutil
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from penstock.errors import PenstockError
from penstock.local.service import JsonObject
from penstock.run import events
from penstock.run.artefacts import Artefacts
from penstock.run.execution import Execution, State
from penstock.run.session import Session

_KEPT = 50
_RECORDS = ("calls.jsonl", "faults.jsonl")
_DEFINITION, _HISTORY, _CLOUD = "definition.json", "history.json", "cloud.json"
_REPORT_SECONDS, _LOOK_SECONDS = 5, 0.1


def marks(session: Session) -> dict[str, int]:
    """Return how many bytes each of the cloud's records has now: a run's part of it begins there."""
    files = (session.work / name for name in _RECORDS)
    return {file.name: file.stat().st_size if file.exists() else 0 for file in files}


def keep(
    session: Session, run: Execution, folder: Path, *, since: Mapping[str, int], began: float, stored: Artefacts
) -> None:
    """Write what a run left behind into its folder, and drop the folders of runs long ago.

    Args:
        session: the cloud that it ran in.
        run: the execution.
        folder: the run's own folder; its siblings are other runs'.
        since: the `marks` from before the run.
        began: the time on this machine's clock from before it; the cloud's may go faster.
        stored: what the run has written to the artefact bucket.
    """
    folder.mkdir(parents=True, exist_ok=True)
    by_age = sorted(folder.parent.iterdir(), key=lambda other: other.stat().st_mtime)
    for other in by_age[:-_KEPT]:
        shutil.rmtree(other, ignore_errors=True)
    for name, mark in since.items():
        if (session.work / name).exists():
            with (session.work / name).open("rb") as record:
                record.seek(mark)
                (folder / name).write_bytes(record.read())
    states = session.clients.operator("stepfunctions")
    definition = states.describe_state_machine_for_execution(executionArn=run.arn)["definition"]
    (folder / _DEFINITION).write_text(definition)
    (folder / _CLOUD).write_text(json.dumps({"speed": run.speed}))
    (folder / _HISTORY).write_text(json.dumps(events.history(states, run.arn), indent=1, default=str) + "\n")
    for log in _logs(session.work, began):
        shutil.copyfile(log, folder / "-".join(log.relative_to(session.work).parts))
    _await_report(run, stored)
    stored.fetch(folder)


def recall(folder: Path) -> tuple[JsonObject, Execution]:
    """Return the definition of the state machine that a kept run has gone through, and the run.

    Raises:
        PenstockError: there is no such run.
    """
    try:
        definition: JsonObject = json.loads((folder / _DEFINITION).read_text())
        told: list[JsonObject] = json.loads((folder / _HISTORY).read_text())
        cloud: JsonObject = json.loads((folder / _CLOUD).read_text())
    except OSError as error:
        kept = ", ".join(sorted(other.parent.name for other in folder.parent.glob(f"*/{_DEFINITION}"))) or "none"
        raise PenstockError(
            f"There is no run {folder.name} in {folder.parent}. Kept: {kept}. Of a run in a cloud that is up, export"
            " the variables that `penstock local up` printed."
        ) from error
    for event in told:
        event["timestamp"] = datetime.fromisoformat(event["timestamp"])
    return definition, events.take_all(Execution("", folder.name, speed=cloud["speed"]), told)


def log_of(folder: Path, state: State, lines: int = 3) -> list[str]:
    """Return the last lines that a kept run's job wrote whose state failed, or else its endpoint; none without."""
    job = next((value for key, value in (state.parameters or {}).items() if key.endswith("JobName")), None)
    if job is None and state.kind != "Fail" and "ndpoint" not in state.resource:
        return []
    pattern = f"sagemaker-*-{job}*.log" if job else "sagemaker-endpoints-*.log"
    logs = sorted(folder.glob(pattern), key=lambda log: log.stat().st_mtime)
    return logs[-1].read_text(errors="replace").splitlines()[-lines:] if logs else []


def advised(folder: Path) -> list[str]:
    """Return the lines that say what a kept run's failure means, and what to do, if it was reported."""
    report = folder / "failure.txt"
    told = report.read_text().splitlines() if report.exists() else []
    return [line for line in told if line.startswith(("Means ", "Do "))]


def _await_report(run: Execution, stored: Artefacts) -> None:
    """Wait a moment for what is reported of a failure: that begins only when the execution has ended."""
    deadline = time.monotonic() + _REPORT_SECONDS
    while run.status not in {"RUNNING", "SUCCEEDED"} and run.variables and not stored.text("failure.txt"):
        if time.monotonic() > deadline:
            return
        time.sleep(_LOOK_SECONDS)


def _logs(work: Path, since: float) -> Iterator[Path]:
    """Yield the files that programs of the cloud have written to since then."""
    for log in sorted(work.rglob("*.log")):
        if log.stat().st_mtime >= since:
            yield log
