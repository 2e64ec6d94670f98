"""`penstock local up`: a cloud that stays."""

import threading
from pathlib import Path
from typing import Any

import click

from penstock.cli.fault_options import fault_options, read_plan
from penstock.cli.project import project_root, require
from penstock.cli.speed_option import speed_option
from penstock.run.events import decided, history
from penstock.run.session import start_cloud
from penstock.spec import load_project

_EPILOG = """\b
Examples:
  penstock local up
  penstock local up --fresh --port 4567
  penstock local up --faults faults.yaml
  penstock local up --speed 60
"""


@click.command(epilog=_EPILOG)
@click.option("--port", type=int, help="The port on 127.0.0.1; 0 takes a free one.  [default: the last one, or 4566]")
@click.option("--environment", default="dev", show_default=True, help="Whose account and region it has.")
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder that it keeps everything in.  [default: .penstock/cloud/ENVIRONMENT]",
)
@click.option("--fresh", is_flag=True, help="Delete what that folder has, and start anew.")
@speed_option
@fault_options
def up(
    port: int | None,
    environment: str,
    state: Path | None,
    faults: tuple[str, ...],
    fault_file: Path | None,
    *,
    speed: float,
    fresh: bool,
) -> None:
    """Keep a local cloud running until Ctrl-C, and print the variables with which every AWS client uses it.

    It comes back with what it had when it ended, however that happened: stacks, objects, endpoints, logs, finished
    executions, and the same variables.

    Faults are there from the start, so deployments meet them too.
    """
    plan = read_plan(faults, fault_file)
    project = load_project(project_root(Path.cwd()))
    require("environment", environment, project.environments)
    folder = (state or project.root / ".penstock" / "cloud" / environment).resolve()
    with start_cloud(
        project.root, project.environments[environment], port=port, state=folder, fresh=fresh, speed=speed
    ) as cloud:
        cloud.faults.plan(plan)
        states = cloud.clients.operator("stepfunctions")
        for line in (*cloud.restored, *(_cut_off(states, arn, environment) for arn in cloud.cut_off)):
            click.echo(line, err=True)
        for name, value in cloud.variables().items():
            click.echo(f"export {name}={value}")
        click.echo(f"Ready. Logs and calls: {cloud.work}. Ctrl-C ends it and all that it runs.", err=True)
        threading.Event().wait()


def _cut_off(states: Any, arn: str, environment: str) -> str:
    """Return what to say of an execution that ran when the cloud ended."""
    machine, name = arn.split(":")[-2:]
    told, end = f"Cut off: execution {name} of {machine}", decided(history(states, arn))
    if end is not None:
        return f"{told}, at {end}, which decides that the run has failed."
    pipeline = machine.removeprefix(f"{environment}-")
    return f"{told}. `penstock redrive {pipeline} --execution {name}` continues it where it was."
