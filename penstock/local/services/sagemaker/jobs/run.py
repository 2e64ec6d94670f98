"""The life of a job that runs programs: what comes in, the programs, what goes out."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from penstock.errors import CloudError
from penstock.local.programs.program import Program
from penstock.local.service import AwsError
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.jobs.cluster import Cluster, Start
from penstock.local.services.sagemaker.jobs.host import Host, hosts
from penstock.local.services.sagemaker.jobs.life import JobError, Life, Lived
from penstock.local.services.sagemaker.logs import LogStream
from penstock.local.services.sagemaker.usage import Usage

_LOOK_SECONDS = 0.1
_STOP_SECONDS = 120  # what AWS gives a container between SIGTERM and SIGKILL
_FULL = "[Errno 28] No space left on device"


@dataclass(frozen=True)
class Limit:
    """When programs are to be stopped that run still, by the monotonic clock, and the stage that this leads to."""

    at: float
    stage: str = "MaxRuntimeExceeded"
    ends: bool = True  # the job, not only what runs now


class JobRun(Life[Lived]):
    """One job as it runs; `role` is its execution role."""

    def __init__(self, context: Context, job: Lived, image: str, role: str, *, instances: int = 1) -> None:
        super().__init__(context, job)
        self.image = image
        self.role = role
        self.hosts = hosts(self.folder, instances, job.kind.word.lower().removesuffix("ing"))
        self.cluster = Cluster([], [])

    @property
    def folder(self) -> Path:
        """Where the job's files are; the logs stay when the job has ended."""
        return self.context.work / self.job.kind.word.lower() / self.job.name

    @property
    def program(self) -> Program:
        """What the image holds."""
        return self.context.programs.program(self.image)

    def prepare(self) -> None:
        """Have the program ready before its time runs.

        Raises:
            JobError: its packages cannot be had.
        """
        try:
            self.context.programs.program(self.image)
        except (AwsError, CloudError) as error:
            raise JobError(f"InternalServerError: {error}") from error

    def run(self) -> None:
        """Take the job to its end."""
        self.folder.mkdir(parents=True, exist_ok=True)
        super().run()

    def close(self) -> None:
        """End the programs now: the cloud ends."""
        super().close()
        self.cluster.stop(1)

    def acting(self, service: str) -> Any:
        """Return a client that acts as the job's role."""
        return self.context.acting(self.role, service, self.job.arn)

    def watched(
        self, start: Start, limits: list[Limit], *, disk_gb: float, look: Callable[[], None] | None = None
    ) -> tuple[int, Host, str]:
        """Run the programs until they have ended, or the first of some limits.

        `look` is called every now and then. Returns: the exit code, the host that it is of, and the stage that the job
        is to end in.
        """
        with self.logged(), ExitStack() as stack:
            usages = [stack.enter_context(self.usage(host, disk_gb)) for host in self.hosts]
            self.cluster = Cluster.start(start, self.hosts, self.file_bytes)
            stack.callback(lambda: self.cluster.stop(0))
            while (ended := self.cluster.wait(_LOOK_SECONDS)) is None:
                for usage, processes in zip(usages, self.cluster.processes(), strict=True):
                    usage.look(processes)
                if look is not None:
                    look()
                if end := self._over(limits):
                    self.cluster.stop(1 if self.closing else _STOP_SECONDS)
                    return 0, self.hosts[0], end
            return *ended, "Stopped" if self.job.stopping.is_set() else "Completed"

    def _over(self, limits: list[Limit]) -> str:
        """Return the stage that programs are to be stopped for, or nothing."""
        if self.job.stopping.is_set():
            return "Stopped"
        limit = min(limits, key=lambda limit: limit.at, default=None)
        if limit is None or time.monotonic() < limit.at:
            return ""
        if limit.ends:
            self.job.stop()
        return limit.stage

    @contextmanager
    def usage(self, host: Host, disk_gb: float) -> Iterator[Usage]:
        """Measure what a host of the job takes."""
        usage = Usage(
            self.context,
            namespace=self.job.kind.log_group,
            dimensions={"Host": f"{self.job.name}/{host.name}"},
            folder=host.base,
            disk_gb=disk_gb,
        )
        try:
            yield usage
        finally:
            usage.close()

    @contextmanager
    def logged(self) -> Iterator[None]:
        """Carry the programs' output on to CloudWatch Logs, in a stream a host."""
        now = int(time.time())
        streams = [
            LogStream(
                self.acting("logs"),
                group=self.job.kind.log_group,
                stream=f"{self.job.name}/{host.name}-{now}",
                file=host.log,
            )
            for host in self.hosts
        ]
        try:
            yield
        finally:
            for stream in streams:
                stream.close()

    def check_disk(self) -> None:
        """Is there room for the output?

        Raises:
            OSError: the disk is full, as was planned.
        """
        if self.file_bytes:
            raise OSError(_FULL)

    def _tidy(self) -> None:
        for host in self.hosts:
            shutil.rmtree(host.folder, ignore_errors=True)
