"""The programs of a job, one for each of its hosts: they start together, and end together should one of them fail."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self

from penstock.local.programs.process import Process
from penstock.local.services.sagemaker.jobs.host import Host

# Starts the program of a host, which may write files of so many bytes at most; 0 is no limit.
Start = Callable[[Host, int], Process]


class Cluster:
    """What runs on the hosts of a job."""

    def __init__(self, processes: Sequence[Process], hosts: Sequence[Host]) -> None:
        self._processes = list(processes)
        self._hosts = list(hosts)

    @classmethod
    def start(cls, start: Start, hosts: Sequence[Host], file_bytes: int) -> Self:
        """Start the program of every host; none runs if one of them cannot be started."""
        cluster = cls([], hosts)
        try:
            for host in hosts:
                cluster._processes.append(start(host, file_bytes))
        except BaseException:
            cluster.stop(0)
            raise
        return cluster

    def processes(self) -> list[list[int]]:
        """Return, for each host, the process that its program is below while it runs."""
        return [[process.pid] if process.poll() is None else [] for process in self._processes]

    def wait(self, seconds: float) -> tuple[int, Host] | None:
        """Wait at most so long for the first failure, or the success of all.

        Returns: the exit code and the host that it is of, or None if they run on.
        """
        running = next((process for process in self._processes if process.poll() is None), None)
        if running is not None:
            running.wait(seconds)
        codes = [process.poll() for process in self._processes]
        failed = next(((code, host) for code, host in zip(codes, self._hosts, strict=True) if code), None)
        if failed is not None:
            return failed
        return (0, self._hosts[0]) if all(code == 0 for code in codes) else None

    def stop(self, grace_seconds: float) -> None:
        """Send SIGTERM to all that run, and SIGKILL when the grace is over."""
        if self._processes:
            with ThreadPoolExecutor(len(self._processes)) as pool:
                for _ in pool.map(lambda process: process.stop(grace_seconds), self._processes):
                    continue
