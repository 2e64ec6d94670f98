"""An execution, shown while it goes on, and what is left of it when it has ended."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from penstock.errors import RunError
from penstock.run import details, executing, report
from penstock.run.artefacts import Artefacts
from penstock.run.causes import reason
from penstock.run.execution import Execution
from penstock.run.kept import advised, keep, log_of, marks
from penstock.run.progress import Progress
from penstock.run.result import Result
from penstock.run.session import Session


class Following:
    """Shows the states of an execution, keeps its calls, logs and history, and fills in its result."""

    def __init__(
        self,
        cloud: Session,
        root: Path,
        run: Execution,
        result: Result,
        *,
        say: Callable[[str], None],
        working: Callable[[str], None],
    ) -> None:
        self._cloud = cloud
        self._root = root
        self._run = run
        self._result = result
        self._say = say
        self._progress = Progress(
            say=say,
            working=working,
            detail=lambda state: details.of(state, run, self.stored.json),
            pipeline=result.pipeline,
            speed=cloud.speed,
        )

    @property
    def shown_folder(self) -> str:
        """The run's folder, from the project on."""
        return str(self._folder.relative_to(self._root))

    @property
    def stored(self) -> Artefacts:
        """What the run has written to the artefact bucket so far."""
        return Artefacts(self._cloud.clients.operator("s3"), self._run.variables.get("folder", ""))

    def follow(self) -> None:
        """Follow the execution to its end.

        Raises:
            RunError: it did not succeed; the message says where and why, and what serves now.
        """
        run, states = self._run, self._cloud.clients.operator("stepfunctions")
        with self._stopped_when_interrupted(states), self._kept():
            for state in executing.follow(states, run):
                self._progress.show(state)
            if run.status == "SUCCEEDED":
                self._progress.end(run.stopped)
        self._result.take(run)
        if run.status != "SUCCEEDED":
            raise RunError(self._failure())

    def end(self) -> None:
        """Say what came of a run that succeeded, what serves now, and where its files are."""
        told = {"DEPLOYED": f"DEPLOYED: generation {self._result.generation}"}.get(
            self._result.outcome or "", str(self._result.outcome)
        )
        reasons = report.rounded("; ".join(self._result.reasons)).rstrip(".")
        self._say(f"\n  {told}{f': {reasons}' if reasons else ''}. {self.serving()}".rstrip())
        self._say(f"  Run      {self.shown_folder}  (report.html, calls, logs, history)")

    def serving(self) -> str:
        """Return a sentence on what the endpoint serves now; nothing of a pipeline that has none."""
        if self._result.endpoint is None:
            return ""
        sagemaker = self._cloud.clients.operator("sagemaker")
        try:
            endpoint = sagemaker.describe_endpoint(EndpointName=self._result.endpoint)
            config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
        except sagemaker.exceptions.ClientError:
            return "No endpoint was there before, and none was left behind that serves."
        models = " and ".join(
            variant["ModelName"]
            for variant in (*config["ProductionVariants"], *config.get("ShadowProductionVariants", ()))
        )
        return f"Endpoint {self._result.endpoint} is {endpoint['EndpointStatus']} with {models}."

    def _failure(self) -> str:
        run = self._run
        state = run.failed_state
        where = self._progress.place(state) if state is not None else "before its first state"
        cause = reason(run.cause)
        told = f"Execution {run.name} ended {run.status} {where}: {': '.join(filter(None, (run.error, cause)))}"
        log = log_of(self._folder, state) if state is not None else []
        if log and log[-1].strip() not in told:
            told += "\nIts log ends:\n" + "\n".join(f"  {line}" for line in log)
        advice = "".join(f"{line}\n" for line in advised(self._folder))
        last = f"{self.serving()} Profile, calls, logs and history: {self.shown_folder}".lstrip()
        return f"{told}\n{advice}{last}"

    @property
    def _folder(self) -> Path:
        attempt = f"-redrive-{self._run.redrives}" if self._run.redrives else ""
        return self._root / ".penstock" / "runs" / f"{self._run.name}{attempt}"

    @contextlib.contextmanager
    def _kept(self) -> Iterator[None]:
        """Leave the run's calls, logs, history, definition and reports in a folder of its own, however it ends."""
        since, began = marks(self._cloud), time.time()
        try:
            yield
        finally:
            keep(self._cloud, self._run, self._folder, since=since, began=began, stored=self.stored)

    @contextlib.contextmanager
    def _stopped_when_interrupted(self, states: Any) -> Iterator[None]:
        """A run that is interrupted must not go on in a cloud that outlives it."""
        try:
            yield
        except BaseException as error:
            with contextlib.suppress(Exception):
                cause = "the command that followed this execution was interrupted"
                states.stop_execution(executionArn=self._run.arn, error="Interrupted", cause=cause)
                if not isinstance(error, Exception):
                    goes_on = "" if self._cloud.own else f" `penstock redrive {self._result.pipeline}` continues it."
                    self._say(f"\nInterrupted: execution {self._run.name} was stopped.{goes_on}")
            raise
