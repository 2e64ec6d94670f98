"""`penstock status`: how pipelines stand."""

import json
from dataclasses import asdict

import click

from penstock.cli.pipeline_options import connected, environment_option
from penstock.run.status import status_of

_EPILOG = """\b
Examples:
  penstock status
  penstock status bigmart --json
"""


@click.command(epilog=_EPILOG)
@click.argument("pipeline", required=False)
@environment_option
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON a pipeline.")
def status(pipeline: str | None, environment: str, *, as_json: bool) -> None:
    """Show how PIPELINE stands, or without it every pipeline.

    That is: its last run and what came of it; of one that failed where, why, what that means and what to do; what its
    endpoint serves; and who deploys or waits for approval. It works in the cloud that `penstock local up` keeps.
    """
    project, cloud = connected(environment, pipeline)
    for name in [pipeline] if pipeline is not None else sorted(project.pipelines):
        found = status_of(cloud.clients.operator, project.pipelines[name], environment, cloud.now())
        for line in [json.dumps(asdict(found))] if as_json else found.lines():
            click.echo(line)
