"""`penstock redrive`: a run that failed goes on at the state that failed."""

from pathlib import Path

import click

from penstock.cli.outcome import outcome
from penstock.cli.project import project_root, require
from penstock.cli.screen import Screen
from penstock.run.redrive import Redrive
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
    with outcome(pipeline, as_json=as_json) as result:
        project = load_project(project_root(Path.cwd()))
        require("pipeline", pipeline, project.pipelines)
        require("environment", environment, project.environments)
        screen = Screen(quiet=as_json)
        continue_run = Redrive(
            project,
            pipeline,
            environment=environment,
            name=name,
            result=result,
            say=screen.say,
            working=screen.working,
        )
        continue_run(running(project.root))
