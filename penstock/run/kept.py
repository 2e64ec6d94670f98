"""What is kept of a run, in .penstock/runs/<execution>/: its calls, faults, logs and history."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from penstock.run.execution import Execution, history
from penstock.run.session import Session

_KEPT = 50
_RECORDS = ("calls.jsonl", "faults.jsonl")


def marks(session: Session) -> dict[str, int]:
    """Return how many bytes each of the cloud's records has now: a run's part of it begins there."""
    files = (session.work / name for name in _RECORDS)
    return {file.name: file.stat().st_size if file.exists() else 0 for file in files}


def keep(session: Session, run: Execution, folder: Path, *, since: Mapping[str, int], began: float) -> None:
    """Write what a run left behind into its folder, and drop the folders of runs long ago.

    Args:
        session: the cloud that it ran in.
        run: the execution.
        folder: the run's own folder; its siblings are other runs'.
        since: the `marks` from before the run.
        began: the time on this machine's clock from before it; the cloud's may go faster.
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
    events = history(session.clients.operator("stepfunctions"), run.arn)
    (folder / "history.json").write_text(json.dumps(events, indent=1, default=str) + "\n")
    for log in _logs(session.work, began):
        shutil.copyfile(log, folder / "-".join(log.relative_to(session.work).parts))


def tail(folder: Path, kind: str, lines: int = 3) -> list[str]:
    """Return the last lines of a run's newest log of a kind, "training" or "endpoints"; none if there is none."""
    logs = sorted(folder.glob(f"sagemaker-{kind}-*.log"), key=lambda log: log.stat().st_mtime)
    return logs[-1].read_text(errors="replace").splitlines()[-lines:] if logs else []


def _logs(work: Path, since: float) -> Iterator[Path]:
    """Yield the files that programs of the cloud have written to since then."""
    for log in sorted(work.rglob("*.log")):
        if log.stat().st_mtime >= since:
            yield log
