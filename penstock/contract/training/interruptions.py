"""What a training job does when it is stopped, and when it goes on."""

import math
import signal
import time
from dataclasses import dataclass

from penstock.contract.check import BreachError, Check, NotApplicableError
from penstock.contract.job import Job
from penstock.contract.processes import catches_sigterm, kill, program_id
from penstock.contract.subject import Subject
from penstock.contract.training.outcome import require_same
from penstock.local.programs.process import Process

_LOOK_SECONDS = 0.005
# Of the time of a whole job: when one that has no checkpoint yet is stopped. It may write one only then.
_HALF, _LATER = 0.5, (0.75, 0.9)
KILLED = 128 + signal.SIGKILL


@dataclass(frozen=True)
class _Interrupted:
    """A job that was stopped while it ran: whether it handled SIGTERM by then, and its exit code."""

    job: Job
    caught: bool
    code: int


def _stops(subject: Subject) -> None:
    stopped = _interrupt(subject, signal.SIGTERM, _HALF)
    require_handler("train", caught=stopped.caught)
    if stopped.code == KILLED:
        raise BreachError(
            f"`train` to end within {subject.limits.stop_train:g} s of SIGTERM",
            "it ran on",
            "Write a checkpoint and end: SageMaker kills it then, and what it has learnt is lost.",
        )


def require_handler(program: str, *, caught: bool) -> None:
    """Check that a program handles SIGTERM.

    Raises:
        BreachError: it does not.
    """
    if not caught:
        raise BreachError(
            f"`{program}` to handle SIGTERM",
            "no handler while it runs",
            "Install one first of all (in a shell script, start the program with `exec`): it is process 1 of its"
            " container, where Linux drops a signal that is not handled, and SageMaker would have to kill it.",
        )


def _goes_on_after_sigterm(subject: Subject) -> None:
    for part in (_HALF, *_LATER):
        stopped = _interrupt(subject, signal.SIGTERM, part)
        if _checkpointed(stopped.job):
            break
    _goes_on(subject, signal.SIGTERM, stopped.job)


def _goes_on_after_sigkill(subject: Subject) -> None:
    _goes_on(subject, signal.SIGKILL, _interrupt(subject, signal.SIGKILL, math.inf).job)


def _goes_on(subject: Subject, how: signal.Signals, stopped: Job) -> None:
    if not _checkpointed(stopped):
        raise NotApplicableError(
            f"it left no checkpoint of {subject.train_seconds:.1f} s of work; for more work, see --set"
        )
    job = subject.job()
    job.bring_checkpoints(stopped)
    code = job.run()
    if code != 0:
        raise BreachError(
            f"exit code 0 from `train` on the checkpoints of a job that {how.name} ended",
            f"exit code {code}: {job.failure or job.said}",
            "Write a checkpoint under another name, then rename it; where one cannot be read, begin again.",
        )
    require_same(
        subject.trained.model,
        job.model,
        "Keep in the checkpoint all that what follows depends on, and give each part's chance a seed of its own.",
    )


def _checkpointed(job: Job) -> bool:
    return any(path.is_file() for path in (job.base / "checkpoints").rglob("*"))


def _interrupt(subject: Subject, how: signal.Signals, part: float) -> _Interrupted:
    """Start a job and stop it at its first checkpoint, or after this part of its time."""
    _ = subject.trained  # so that it is known how long one takes
    job = subject.job()
    job.keep_checkpoints()
    process = job.start()
    try:
        program = program_id(process)
        caught = _wait_for_a_moment(job, process, program, subject.train_seconds * part)
        if how is signal.SIGKILL:
            kill(process, program)
    except BaseException:
        process.stop(0)
        raise
    return _Interrupted(job, caught, process.stop(subject.limits.stop_train))


def _wait_for_a_moment(job: Job, process: Process, program: int | None, seconds: float) -> bool:
    """Wait until it handles SIGTERM, and has a checkpoint or worked for so long; return whether it handles it."""
    began, caught = time.monotonic(), False
    while process.poll() is None:
        caught = caught or catches_sigterm(program)
        if caught and (_checkpointed(job) or time.monotonic() >= began + seconds):
            break
        time.sleep(_LOOK_SECONDS)
    return caught


CHECKS = (
    Check("train handles SIGTERM, and ends in time", _stops),
    Check("train goes on after SIGTERM to the same model", _goes_on_after_sigterm),
    Check("train goes on after SIGKILL to the same model", _goes_on_after_sigkill),
)
