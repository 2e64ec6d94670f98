"""A run that did not succeed, continued at the state that failed."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from penstock.errors import RunError
from penstock.run import events, executing, report
from penstock.run.deployments import Deployments
from penstock.run.execution import Execution
from penstock.run.following import Following
from penstock.run.machines import endpoint_of, executions, machine_arn
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
        *,
        environment: str,
        name: str | None,
        result: Result,
        say: Callable[[str], None],
        working: Callable[[str], None],
    ) -> None:
        self._project = project
        self._environment = environment
        self._name = name
        self._say = say
        self._working = working
        self._result = result
        result.endpoint = endpoint_of(project.pipelines[result.pipeline], environment)

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
        following = Following(cloud, self._project.root, run, self._result, say=self._say, working=self._working)
        following.follow()
        following.end()

    def _started(self, cloud: Session) -> Execution:
        states, pipeline = cloud.clients.operator("stepfunctions"), self._result.pipeline
        run = self._chosen(states, machine_arn(states, self._environment, pipeline))
        arn, told = run["executionArn"], events.history(states, run["executionArn"])
        end = events.decided(told)
        if end is not None:
            raise RunError(
                f"Run {run['name']} cannot go on: it ended at {end}, which decides that the run has failed. Start"
                f" another run: `penstock local run {pipeline}`."
            )
        endpoint = f"{self._environment}-{pipeline}"
        deployments = Deployments(cloud.clients.operator, self._environment)
        locked = run["status"] in _FAILED and had_lock(events.take_all(Execution(arn, run["name"]), told))
        if locked:
            deployments.take_lock(endpoint, arn, now=cloud.now(), lasting=_lasting(states, arn))
        try:
            return executing.redrive(states, arn, told, speed=cloud.speed)
        except ClientError as error:
            if locked:
                deployments.release_lock(endpoint, arn)
            if error.response["Error"]["Code"] != "ExecutionNotRedrivable":
                raise
            raise RunError(f"Run {run['name']} cannot be redriven: {_message(error)}.") from error

    def _chosen(self, states: Any, machine: str) -> Any:
        runs = executions(states, machine)
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


def had_lock(run: Execution) -> bool:
    """Had an execution the lock of its endpoint when it ended? Then it was released, and it needs it to go on."""
    taken, released = run.states.get("Take lock"), run.states.get("Release lock")
    return (
        taken is not None
        and taken.status == "SUCCEEDED"
        and not taken.caught
        and (released is None or released.status != "SUCCEEDED")
    )


def _lasting(states: Any, execution: str) -> timedelta:
    """Return how long an execution may take."""
    described = states.describe_state_machine_for_execution(executionArn=execution)
    return timedelta(seconds=json.loads(described["definition"])["TimeoutSeconds"])


def _message(error: ClientError) -> str:
    message: str = error.response["Error"]["Message"]
    return message.partition(":")[0]
