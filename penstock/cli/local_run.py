"""`penstock local run`: a pipeline, from its data to a served model."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from penstock.cli.project import project_root, require
from penstock.errors import PenstockError
from penstock.run.overrides import parse
from penstock.run.run import Result, Run
from penstock.spec import load_project

_EPILOG = """\b
Examples:
  penstock local run bigmart
  penstock local run bigmart --data sales.csv --set train.hyperparameters.n_estimators=50
"""


@click.command(epilog=_EPILOG)
@click.argument("pipeline")
@click.option("--data", "file", type=click.Path(path_type=Path), help="A CSV file. Without it, generated records.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="Override train.hyperparameters.NAME, train.instance_type or deploy.instance_type for this run.",
)
@click.option("--environment", default="dev", show_default=True, help="The entry of environments.yaml to run.")
@click.option("--json", "as_json", is_flag=True, help="End with one line of JSON on standard output.")
def run(pipeline: str, file: Path | None, settings: tuple[str, ...], environment: str, *, as_json: bool) -> None:
    """Synthesise, deploy and execute PIPELINE, then show its metrics, endpoint and some predictions.

    With the variables exported that `penstock local up` printed, the run uses that cloud; otherwise one of its own,
    which ends with the run. The exit code is 0 only if the execution succeeded.
    """
    result = Result(pipeline)
    try:
        overrides = parse(settings)
        project = load_project(project_root(Path.cwd()))
        require("pipeline", pipeline, project.pipelines)
        require("environment", environment, project.environments)
        screen = _Screen(quiet=as_json)
        one = Run(
            project,
            project.pipelines[pipeline],
            environment=environment,
            file=file,
            overrides=overrides,
            say=screen.say,
            working=screen.working,
        )
        result = one.result
        one()
    except PenstockError as error:
        result.error = result.error or str(error)
        raise
    finally:
        if as_json:
            click.echo(json.dumps(asdict(result)))


class _Screen:
    """Lines on the terminal; one that is being worked on is replaced by the next, and left out where no one watches."""

    def __init__(self, *, quiet: bool) -> None:
        self._stream = sys.stderr if quiet else sys.stdout
        self._replace = self._stream.isatty()
        self._open = False

    def say(self, line: str) -> None:
        self._erase()
        click.echo(line, file=self._stream)

    def working(self, line: str) -> None:
        if self._replace:
            self._erase()
            click.echo(line, file=self._stream, nl=False)
            self._open = True

    def _erase(self) -> None:
        if self._open:
            click.echo("\r\033[K", file=self._stream, nl=False)
        self._open = False
