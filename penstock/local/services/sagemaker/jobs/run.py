"""The life of a job, in a thread of its own: what comes in, the program, what goes out."""

import logging
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.programs.images import Program
from penstock.local.programs.process import Process
from penstock.local.service import AwsError
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.jobs.job import Job
from penstock.local.services.sagemaker.logs import LogStream
from penstock.local.services.sagemaker.usage import Usage

_LOOK_SECONDS = 0.1
_STOP_SECONDS = 120  # what AWS gives a container between SIGTERM and SIGKILL
_FULL = "[Errno 28] No space left on device"
_LOGGER = logging.getLogger(__name__)
# Starts the job's program, which may write files of so many bytes at most; 0 is no limit.
Start = Callable[[int], Process]


class JobError(Exception):
    """The job ends here; the message is its FailureReason."""


class JobRun(ABC):
    """One job as it runs; `role` is its execution role."""

    def __init__(self, context: Context, job: Job, program: Program, role: str) -> None:
        self.context = context
        self.job = job
        self.program = program
        self.role = role
        self.process: Process | None = None
        self.closing = False
        self.disk_full = False

    @property
    def folder(self) -> Path:
        """Where the job's files are; the log stays when the job has ended."""
        return self.context.work / self.job.kind.word.lower() / self.job.name

    @property
    def base(self) -> Path:
        """What is /opt/ml on AWS."""
        return self.folder / "ml"

    @property
    def log(self) -> Path:
        """The program's output."""
        return self.folder / f"{self.job.kind.word.lower().removesuffix('ing')}.log"

    def run(self) -> None:
        """Take the job to its end."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.job.begin()
            end, reason = self._run(), ""
        except JobError as failure:
            end, reason = "Failed", str(failure)
        except Exception as error:
            _LOGGER.exception("%s job %s", self.job.kind.word, self.job.name)
            end, reason = "Failed", f"InternalServerError: {error!r}"
        shutil.rmtree(self.base, ignore_errors=True)
        if not self.closing:  # otherwise it is under way still when the cloud comes back, and then cut off
            self.job.enter(end, reason)

    def close(self) -> None:
        """End the program now: the cloud ends."""
        self.closing = True
        self.job.stopping.set()
        if self.process is not None:
            self.process.stop(1)

    @abstractmethod
    def _run(self) -> str:
        """Carry the job out; return the stage that it ends in."""

    def acting(self, service: str) -> Any:
        """Return a client that acts as the job's role."""
        return self.context.acting(self.role, service, self.job.arn)

    def planned(self, limit_seconds: float) -> tuple[str, int]:
        """Let what is planned go wrong before the program starts.

        Returns: the stage that the job is to end in at once, or nothing; and the largest file that its program may
        write, or 0.

        Raises:
            JobError: the job is to fail.
        """
        fault = self.context.faults.job(self.job.kind.word.lower(), self.job.name)
        if fault is None:
            return "", 0
        if fault.end == "Failed":
            raise JobError(fault.reason)
        if fault.end == "Stopped":
            self.job.stop()
            return "Stopped", 0
        if fault.end == "Hang":
            self.job.stopping.wait(None if limit_seconds == float("inf") else limit_seconds)
            return self._stopped(), 0
        self.disk_full = True
        return "", fault.file_bytes

    def watched(self, start: Start, *, limit_seconds: float, disk_gb: float) -> tuple[int, str]:
        """Run the program under a time limit; return its exit code and the stage that the job is to end in."""
        end, file_bytes = self.planned(limit_seconds)
        if end:
            return 0, end
        usage = self.usage(disk_gb)
        deadline = time.monotonic() + limit_seconds
        with self.logged():
            self.process = start(file_bytes)
            try:
                while (code := self.process.wait(_LOOK_SECONDS)) is None:
                    usage.look([self.process.pid])
                    if self.job.stopping.is_set() or time.monotonic() >= deadline:
                        end = self._stopped()
                        return self.process.stop(1 if self.closing else _STOP_SECONDS), end
                return code, "Stopped" if self.job.stopping.is_set() else "Completed"
            finally:
                self.process.stop(0)
                usage.close()

    def usage(self, disk_gb: float) -> Usage:
        """Begin to measure what the job takes."""
        host = {"Host": f"{self.job.name}/algo-1"}
        group = self.job.kind.log_group
        return Usage(self.context, namespace=group, dimensions=host, folder=self.base, disk_gb=disk_gb)

    @contextmanager
    def logged(self) -> Iterator[None]:
        """Carry the program's output on to CloudWatch Logs."""
        name = f"{self.job.name}/algo-1-{int(time.time())}"
        stream = LogStream(self.acting("logs"), group=self.job.kind.log_group, stream=name, file=self.log)
        try:
            yield
        finally:
            stream.close()

    def check_disk(self) -> None:
        """Is there room for the output?

        Raises:
            OSError: the disk is full, as was planned.
        """
        if self.disk_full:
            raise OSError(_FULL)

    def _stopped(self) -> str:
        """Return how a job ends that was stopped, by whom or by its time limit."""
        if self.job.stopping.is_set():
            return "Stopped"
        self.job.stop()
        return "MaxRuntimeExceeded"


@contextmanager
def failing_as(words: str) -> Iterator[None]:
    """Fail the job with these words, should S3 or the disk refuse something.

    Raises:
        JobError: they did.
    """
    try:
        yield
    except ClientError as error:
        raise JobError(f"{words}{error.response['Error']['Code']}: {error.response['Error']['Message']}") from error
    except (AwsError, BotoCoreError, OSError, ValueError) as error:
        raise JobError(f"{words}{error}") from error
