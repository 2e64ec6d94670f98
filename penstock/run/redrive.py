"""A run that did not succeed, continued at the state that failed."""

import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from penstock.errors import PenstockError, RunError
from penstock.run import execution, report
from penstock.run.execution import Execution
from penstock.run.following import Following
from penstock.run.result import Result
from penstock.run.session import Session
from penstock.spec import Project

_FAILED = ("FAILED", "TIMED_OUT", "ABORTED")


class Redrive:
    """One redrive; `say` shows a line, `working` one that the next line replaces."""

    def __init__(
        self,
        project: Project,
        pipeline: str,
        *,
        environment: str,
        name: str | None,
        say: Callable[[str], None],
        working: Callable[[str], None],
    ) -> None:
        self._project = project
        self._machine = f"{environment}-{pipeline}"
        self._name = name
        self._say = say
        self._working = working
        self.result = Result(pipeline, endpoint=self._machine)

    def __call__(self, cloud: Session) -> Result:
        """Redrive, and follow to the end; the result is also in `result`, as far as it went, when this raises.

        Raises:
            PenstockError: there is nothing to redrive, or it did not succeed.
        """
        began = time.perf_counter()
        try:
            self._redrive(cloud)
        except PenstockError as error:
            self.result.error = str(error)
            raise
        finally:
            self.result.seconds = round(time.perf_counter() - began, 2)
        return self.result

    def _redrive(self, cloud: Session) -> None:
        run = self._started(cloud.clients.operator("stepfunctions"))
        self.result.execution = run.name
        self._say(report.step(f"{self.result.pipeline} · execution {run.name} · redrive {run.redrives}\n"))
        following = Following(cloud, self._project.root, run, self.result, say=self._say, working=self._working)
        following.follow()
        reasons = "; ".join(run.output.get("reasons") or [])
        told = f"{self.result.outcome}{f': {reasons}' if reasons else ''}."
        self._say(f"\n  {told} {following.serving()}")
        self._say(f"  Run      {following.shown_folder}  (calls, logs, history)")

    def _started(self, states: Any) -> Execution:
        pages = states.get_paginator("list_state_machines").paginate()
        machines = (machine for page in pages for machine in page["stateMachines"])
        arn = next((machine["stateMachineArn"] for machine in machines if machine["name"] == self._machine), None)
        if arn is None:
            raise RunError(
                f"There is no state machine {self._machine} in this cloud: {self.result.pipeline} was never run in it."
                f" `penstock local run {self.result.pipeline}` deploys and runs it."
            )
        run = self._chosen(states, arn)
        try:
            return execution.redrive(states, run["executionArn"])
        except states.exceptions.ExecutionNotRedrivable as error:
            raise RunError(f"Run {run['name']} cannot be redriven: {_message(error)}.") from error

    def _chosen(self, states: Any, machine_arn: str) -> Any:
        pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine_arn)
        runs = [run for page in pages for run in page["executions"]]
        names = [run["name"] for run in runs if run["status"] in _FAILED]
        others = f" Runs that failed: {', '.join(names)}; name one with --execution." if names else ""
        if self._name is not None:
            found = next((run for run in runs if run["name"] == self._name), None)
            if found is None:
                raise RunError(f"{self.result.pipeline} has no run {self._name} in this cloud.{others}")
            return found
        if not runs:
            raise RunError(f"Nothing to redrive: {self.result.pipeline} was never run in this cloud.")
        last = runs[0]
        if last["status"] not in _FAILED:
            raise RunError(
                f"Nothing to redrive: the last run of {self.result.pipeline}, {last['name']}, is"
                f" {last['status']}.{others}"
            )
        return last


def _message(error: ClientError) -> str:
    message: str = error.response["Error"]["Message"]
    return message.partition(":")[0]
