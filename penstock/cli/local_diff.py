"""`penstock local diff`: what a deployment would change."""

import json

import click

from penstock.cli.pipeline_options import connected
from penstock.cli.stage_options import environment_option, json_option
from penstock.run.changes import differences, summary
from penstock.run.synth import synthesise

_EPILOG = """\b
Examples:
  penstock local diff
  penstock local diff --json
"""


@click.command(epilog=_EPILOG)
@environment_option
@json_option
def diff(environment: str, *, as_json: bool) -> None:
    """Compare the stacks with what is deployed in the cloud that `penstock local up` keeps.

    Shows by stack the statements of policies that come and go, the resources that are added, changed in place, replaced
    or removed, with the properties that differ, and the outputs. Nothing is changed, and the exit code is 0.
    """
    project, cloud = connected(environment)
    synthesise(project.root)
    stacks = cloud.connection.diff(project.root / "cdk.out", environment)["stacks"]
    if as_json:
        click.echo(json.dumps({"stacks": stacks}))
        return
    for line in differences(stacks):
        click.echo(line)
    click.echo(f"With a deployment: {summary(stacks)}.")
