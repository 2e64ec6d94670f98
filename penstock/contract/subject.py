"""The container that is checked: its program, rows for it, and what several checks need once."""

import contextlib
import time
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from penstock.contract.check import BreachError, NotApplicableError
from penstock.contract.job import Channels, Job, end_of
from penstock.contract.limits import Limits
from penstock.contract.server import Server
from penstock.contract.table import Table
from penstock.local.programs.program import Program
from penstock.local.services.sagemaker.connections import HOST, free_port


class Subject:
    """A container's program with its jobs and servers; what it has started ends with it."""

    def __init__(
        self, program: Program, table: Table, work: Path, *, hyperparameters: Mapping[str, str], limits: Limits
    ) -> None:
        """Check a program in a folder `work`; `hyperparameters` are the container's own."""
        self.table = table
        self.limits = limits
        self.train_seconds = 0.0  # how long the first training took
        self._program = program
        self._hyperparameters = hyperparameters
        self._work = work
        self._folders = 0
        self._stack = contextlib.ExitStack()
        self._server: Server | None = None
        self._serves = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def job(self, *, channels: Channels | None = None, hyperparameters: Mapping[str, str] = {}) -> Job:
        """Prepare a training job: of the table's rows, unless it is said of which."""
        given = {**self.table.hyperparameters, **self._hyperparameters, **hyperparameters}
        return Job.prepare(self._program, self._folder("job"), self.limits, channels or self.table.channels, given)

    @cached_property
    def first_job(self) -> tuple[Job, int | BreachError]:
        """The job whose model is served, and its exit code, or why it did not end."""
        job = self.job()
        began = time.monotonic()
        try:
            return job, job.run()
        except BreachError as error:
            return job, error
        finally:
            self.train_seconds = time.monotonic() - began

    @property
    def trained(self) -> Job:
        """The job whose model is served.

        Raises:
            NotApplicableError: there is no model.
        """
        job, code = self.first_job
        if code != 0 or not job.model:
            raise NotApplicableError("`train` gave no model")
        return job

    @property
    def server(self) -> Server:
        """A process that serves the model: the same for all who ask.

        Raises:
            BreachError: it has ended since it was last asked for; the next one who asks has a new one.
            NotApplicableError: it cannot be had.
        """
        server = self._server
        if server is not None and (code := server.process.poll()) is not None:
            self._server = None
            raise BreachError(
                "`serve` to run on after the last request",
                f"it ended with exit code {code}; the end of its log: {end_of(server.log)}",
                "Catch what a request raises.",
            )
        if server is None and self._serves:
            server = self._stack.enter_context(self.serving(self.trained.model))
            try:
                server.wait_until_ready()
                self._server = server
            except BreachError:
                self._serves = False  # known from now on: to wait for it takes long
        if server is None or not self._serves:
            raise NotApplicableError("`serve` does not serve the model")
        return server

    @contextlib.contextmanager
    def serving(self, model: Mapping[str, bytes]) -> Iterator[Server]:
        """Start `serve` on these files, and end it; it may not listen yet."""
        folder = self._folder("serve")
        base = folder / "ml"
        (base / "model").mkdir(parents=True)
        for name, content in model.items():
            path = base / "model" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        log, port = folder / "serve.log", free_port()
        variables = {"BIND_HOST": HOST, "SAGEMAKER_BIND_TO_PORT": str(port)}
        process = self._program.start("serve", base=base, variables=variables, log=log)
        try:
            yield Server(process, port, log, self.limits)
        finally:
            process.stop(0)

    def _folder(self, what: str) -> Path:
        """Make a folder of its own for each."""
        self._folders += 1
        folder = self._work / f"{self._folders:02}-{what}"
        folder.mkdir(parents=True)
        return folder
