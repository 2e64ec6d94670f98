"""`penstock redrive`: a run that failed goes on at the state that failed."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from penstock.cli.project import project_root, require
from penstock.cli.screen import Screen
from penstock.errors import PenstockError
from penstock.run.redrive import Redrive
from penstock.run.result import Result
from penstock.run.session import running
from penstock.spec import load_project

_EPILOG = """\b
Examples:
  penstock redrive bigmart
  penstock redrive bigmart --execution 7c1f09ab
"""


@click.command(epilog=_EPILOG)
@click.argument("pipeline")
@click.option("--execution", "name", metavar="NAME", help="The run to redrive. Without it, the last one.")
@click.option("--environment", default="dev", show_default=True, help="The entry of environments.yaml that it ran in.")
@click.option("--json", "as_json", is_flag=True, help="End with one line of JSON on standard output.")
def redrive(pipeline: str, name: str | None, environment: str, *, as_json: bool) -> None:
    """Continue a run of PIPELINE that failed, was aborted, timed out or was cut off, and follow it to its end.

    It goes on at the state that failed, with the same input and the same definition: what had succeeded is not done
    again. The exit code is 0 only if it then succeeds. It works in the cloud that `penstock local up` keeps.
    """
    result = Result(pipeline)
    try:
        project = load_project(project_root(Path.cwd()))
        require("pipeline", pipeline, project.pipelines)
        require("environment", environment, project.environments)
        screen = Screen(quiet=as_json)
        one = Redrive(project, pipeline, environment=environment, name=name, say=screen.say, working=screen.working)
        result = one.result
        one(running(project.root))
    except PenstockError as error:
        result.error = result.error or str(error)
        raise
    finally:
        if as_json:
            click.echo(json.dumps(asdict(result)))
