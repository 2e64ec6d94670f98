"""A former model, deployed again: the same machine with a known generation."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from penstock.errors import RunError
from penstock.local.service import JsonObject
from penstock.run import executing, report
from penstock.run.following import Following
from penstock.run.generations import Generation, generations, serving
from penstock.run.machines import endpoint_of, last_deployed, machine_arn
from penstock.run.result import Result
from penstock.run.session import Session
from penstock.spec import Project


class Rollback:
    """One rollback; `say` shows a line, `working` one that the next line replaces."""

    def __init__(
        self,
        project: Project,
        *,
        environment: str,
        to: int | None,
        result: Result,
        say: Callable[[str], None],
        working: Callable[[str], None],
    ) -> None:
        self._project = project
        self._environment = environment
        self._to = to
        self._result = result
        self._say = say
        self._working = working

    def __call__(self, cloud: Session) -> None:
        """Start the run, and follow it to its end; `result` has what came out, as far as it went, when this raises.

        Raises:
            PenstockError: there is no such generation, or the run did not succeed.
            ClientError: the cloud refused a call.
        """
        states, pipeline = cloud.clients.operator("stepfunctions"), self._result.pipeline
        self._result.endpoint = endpoint_of(self._project.pipelines[pipeline], self._environment)
        machine = machine_arn(states, self._environment, pipeline)
        sagemaker = cloud.clients.operator("sagemaker")
        known = generations(sagemaker, f"{self._environment}-{pipeline}")
        current, rows = self._in_use(cloud, machine)
        chosen = choose(pipeline, known, current, self._to)
        asked = {"generation": chosen.number} | rows
        run = executing.start(states, machine, asked, datetime.now().isoformat(), speed=cloud.speed)
        self._result.execution = run.name
        was = f" · generation {current} before" if current is not None else ""
        self._say(report.step(f"{pipeline} · back to generation {chosen.number}{was} · execution {run.name}\n"))
        following = Following(cloud, self._project.root, run, self._result, say=self._say, working=self._working)
        following.follow()
        following.end()

    def _in_use(self, cloud: Session, machine: str) -> tuple[int | None, JsonObject]:
        """Return the generation that is in use, and what a run with another one is to be given beside its number."""
        if self._result.endpoint is None:
            return predicted_last(cloud.clients.operator("stepfunctions"), machine, self._result.pipeline)
        return serving(cloud.clients.operator("sagemaker"), self._result.endpoint), {}


def predicted_last(states: Any, machine: str, pipeline: str) -> tuple[int, JsonObject]:
    """Return the generation that a batch pipeline has predicted with last, and the rows, as another run is given them.

    Raises:
        RunError: it has not predicted yet.
    """
    last = last_deployed(states, machine)
    if last is None:
        raise RunError(f"{pipeline} has not predicted yet: `penstock local run {pipeline} --predict FILE` does.")
    generation, given = last
    return generation, {"predict": given["predict"]}


def choose(pipeline: str, known: Sequence[Generation], current: int | None, to: int | None) -> Generation:
    """Return the generation to go back to: `to`, or without it the newest one before the `current` one.

    Raises:
        RunError: there is none.
    """
    usable = [one for one in known if one.status == "Approved"]
    there = f"Generations of {pipeline}: {', '.join(map(str, known)) or 'none'}."
    if to is not None:
        found = next((one for one in usable if one.number == to), None)
        if found is None:
            was = next((f" It is {one.status}." for one in known if one.number == to), "")
            raise RunError(f"--to {to}: there is no such generation to go back to.{was} {there}")
        if to == current:
            raise RunError(f"--to {to}: generation {to} is what serves now. {there}")
        return found
    if current is None:
        raise RunError(f"It is not known which generation of {pipeline} serves: name one with --to. {there}")
    found = next((one for one in usable if one.number < current), None)
    if found is None:
        raise RunError(f"There is no generation before {current}, which serves, to go back to. {there}")
    return found
