"""What is kept of a run, in .penstock/runs/<execution>/: its calls, logs and history."""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from penstock.run.execution import Execution, history
from penstock.run.session import Session

_KEPT = 50


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
    for log in _logs(session.work, since=events[0]["timestamp"]):
        shutil.copyfile(log, folder / "-".join(log.relative_to(session.work).parts))


def tail(folder: Path, kind: str, lines: int = 3) -> list[str]:
    """Return the last lines of a run's newest log of a kind, "training" or "endpoints"; none if there is none."""
    logs = sorted(folder.glob(f"sagemaker-{kind}-*.log"), key=lambda log: log.stat().st_mtime)
    return logs[-1].read_text(errors="replace").splitlines()[-lines:] if logs else []


def _logs(work: Path, since: datetime) -> Iterator[Path]:
    """Yield the files that programs of the cloud have written to since then."""
    for log in sorted(work.rglob("*.log")):
        if log.stat().st_mtime >= since.timestamp():
            yield log
