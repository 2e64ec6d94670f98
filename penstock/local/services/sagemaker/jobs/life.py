"""The life of a job, in a thread of its own, and how it may go wrong."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.service import AwsError
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.jobs.job import Job

Lived = TypeVar("Lived", bound=Job)
_LOGGER = logging.getLogger(__name__)


class JobError(Exception):
    """The job ends here; the message is its FailureReason."""


class Life(ABC, Generic[Lived]):
    """One job, from its beginning to its end."""

    def __init__(self, context: Context, job: Lived) -> None:
        self.context = context
        self.job = job
        self.closing = False
        self.file_bytes = 0  # the largest file that a program of the job may write; 0 is no limit

    def run(self) -> None:
        """Take the job to its end."""
        try:
            self.job.begin()
            end, reason = self._run(), ""
        except JobError as failure:
            end, reason = "Failed", str(failure)
        except Exception as error:
            _LOGGER.exception("%s job %s", self.job.kind.word, self.job.name)
            end, reason = "Failed", f"InternalServerError: {error!r}"
        self._tidy()
        if not self.closing:  # otherwise it is under way still when the cloud comes back, and then cut off
            self.job.enter(end, reason)

    def close(self) -> None:
        """End the job now: the cloud ends."""
        self.closing = True
        self.job.stopping.set()

    @abstractmethod
    def _run(self) -> str:
        """Carry the job out; return the stage that it ends in."""

    @abstractmethod
    def _tidy(self) -> None:
        """Remove what the job needs no longer."""

    def planned(self, limit_seconds: float) -> str:
        """Let what is planned go wrong before the job does its work.

        Returns: the stage that the job is to end in at once, or nothing.

        Raises:
            JobError: the job is to fail.
        """
        fault = self.context.faults.job(self.job.kind.fault, self.job.name)
        if fault is None:
            return ""
        if fault.end == "Failed":
            raise JobError(fault.reason)
        if fault.end == "Stopped":
            self.job.stop()
            return "Stopped"
        if fault.end == "Hang":
            self.job.stopping.wait(None if limit_seconds == float("inf") else limit_seconds)
            if self.job.stopping.is_set():
                return "Stopped"
            self.job.stop()
            return "MaxRuntimeExceeded"
        self.file_bytes = fault.file_bytes
        return ""


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
