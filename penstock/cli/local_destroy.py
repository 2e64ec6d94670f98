"""`penstock local destroy`: the stacks of an environment, removed from a cloud that stays."""

import json

import click

from penstock.cli.pipeline_options import connected
from penstock.cli.stage_options import environment_option, json_option
from penstock.run.changes import removals, serving

_EPILOG = """\b
Example:
  penstock local destroy
"""


@click.command(epilog=_EPILOG)
@environment_option
@json_option
def destroy(environment: str, *, as_json: bool) -> None:
    """Remove the stacks from the cloud that `penstock local up` keeps, those that depend on others first.

    Says what is kept: buckets, keys and repositories of images that the stacks retain, and endpoints, which the state
    machines have made and no stack has: they go on serving. A kept repository is in the way of the next deployment.

    A bucket that is to be removed and is not empty is refused, as on AWS: what was removed before it is gone, and after
    it is emptied the command can be run again.
    """
    _, cloud = connected(environment)
    destroyed = cloud.connection.destroy(environment)
    if as_json:
        click.echo(json.dumps(destroyed))
        return
    for line in (*removals(destroyed["stacks"]), *serving(destroyed["endpoints"])):
        click.echo(line)
