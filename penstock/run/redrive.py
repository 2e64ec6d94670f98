"""A run that did not succeed, continued at the state that failed."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from penstock.errors import RunError
from penstock.run import execution, report
from penstock.run.execution import Execution
from penstock.run.following import Following
from penstock.run.misbehaviour import misbehaviour
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
        result: Result,
        say: Callable[[str], None],
        working: Callable[[str], None],
    ) -> None:
        self._project = project
        self._machine = f"{environment}-{pipeline}"
        self._gate = project.pipelines[pipeline].gate
        self._name = name
        self._say = say
        self._working = working
        self._result = result
        result.endpoint = self._machine

    def __call__(self, cloud: Session) -> None:
        """Redrive, and follow to the end; `result` has what came out, as far as it went, when this raises.

        Raises:
            PenstockError: there is nothing to redrive, or it did not succeed.
            ClientError: the cloud refused a call.
        """
        with misbehaviour(cloud.connection, self._result.faults, self._say):
            self._continue(cloud)

    def _continue(self, cloud: Session) -> None:
        run = self._started(cloud)
        self._result.execution = run.name
        self._say(report.step(f"{self._result.pipeline} · execution {run.name} · redrive {run.redrives}\n"))
        following = Following(
            cloud, self._project.root, run, self._result, gate=self._gate, say=self._say, working=self._working
        )
        following.follow()
        reasons = report.rounded("; ".join(run.output.get("reasons") or []))
        told = f"{self._result.outcome}{f': {reasons}' if reasons else ''}."
        self._say(f"\n  {told} {following.serving()}")
        self._say(f"  Run      {following.shown_folder}  (calls, logs, history)")

    def _started(self, cloud: Session) -> Execution:
        states = cloud.clients.operator("stepfunctions")
        pages = states.get_paginator("list_state_machines").paginate()
        machines = (machine for page in pages for machine in page["stateMachines"])
        arn = next((machine["stateMachineArn"] for machine in machines if machine["name"] == self._machine), None)
        if arn is None:
            raise RunError(
                f"There is no state machine {self._machine} in this cloud: {self._result.pipeline} was never run in it."
                f" `penstock local run {self._result.pipeline}` deploys and runs it."
            )
        run = self._chosen(states, arn)
        end = execution.decided(states, run["executionArn"])
        if end is not None:
            raise RunError(
                f"Run {run['name']} cannot go on: it ended at {end}, which decides that the run has failed. Start"
                f" another run: `penstock local run {self._result.pipeline}`."
            )
        try:
            return execution.redrive(states, run["executionArn"], speed=cloud.speed)
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
                raise RunError(f"{self._result.pipeline} has no run {self._name} in this cloud.{others}")
            return found
        if not runs:
            raise RunError(f"Nothing to redrive: {self._result.pipeline} was never run in this cloud.")
        last = runs[0]
        if last["status"] not in _FAILED:
            raise RunError(
                f"Nothing to redrive: the last run of {self._result.pipeline}, {last['name']}, is"
                f" {last['status']}.{others}"
            )
        return last


def _message(error: ClientError) -> str:
    message: str = error.response["Error"]["Message"]
    return message.partition(":")[0]
