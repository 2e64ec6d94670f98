"""`penstock local deploy`: the stacks of an environment, in a cloud that stays."""

import json

import click

from penstock.cli.pipeline_options import connected
from penstock.cli.stage_options import environment_option, json_option
from penstock.run.changes import differences, summary
from penstock.run.synth import synthesise

_EPILOG = """\b
Example:
  penstock local deploy
"""


@click.command(epilog=_EPILOG)
@environment_option
@json_option
def deploy(environment: str, *, as_json: bool) -> None:
    """Synthesise the stacks and deploy them in the cloud that `penstock local up` keeps; show what changed.

    A stack that fails is left as it was before. `penstock local run` deploys by itself.
    """
    project, cloud = connected(environment)
    synthesise(project.root)
    assembly = project.root / "cdk.out"
    stacks = cloud.connection.diff(assembly, environment)["stacks"]
    deployed = cloud.connection.deploy(assembly, environment)
    if as_json:
        click.echo(json.dumps({"stacks": stacks, **deployed}))
        return
    for line in differences(stacks):
        click.echo(line)
    click.echo(f"Deployed {deployed['resources']} resources in {deployed['seconds']:.1f} s: {summary(stacks)}.")
    for problem in deployed["left"]:
        click.echo(f"{problem} No stack wants it any more; the next deployment tries again to remove it.", err=True)
