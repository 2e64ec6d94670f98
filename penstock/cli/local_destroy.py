"""`penstock local destroy`: the stacks of an environment, removed from a cloud that stays."""

import json

import click

from penstock.cli.stage_options import connected, environment_option, json_option
from penstock.run.changes import removals

_EPILOG = """\b
Example:
  penstock local destroy
"""


@click.command(epilog=_EPILOG)
@environment_option
@json_option
def destroy(environment: str, *, as_json: bool) -> None:
    """Remove the stacks from the cloud that `penstock local up` keeps, those that depend on others first.

    Says what is kept: buckets and keys that the stacks retain. A bucket that is to be removed and is not empty is
    refused, as on AWS: what was removed before it is gone, and after it is emptied the command can be run again.
    """
    _, connection = connected(environment)
    stacks = connection.destroy(environment)["stacks"]
    if as_json:
        click.echo(json.dumps({"stacks": stacks}))
        return
    for line in removals(stacks):
        click.echo(line)
