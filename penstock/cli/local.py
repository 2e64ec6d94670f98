"""`penstock local`: the local cloud."""

import click

from penstock.cli.group import Group

_EPILOG = """\b
Example:
  penstock local run bigmart
"""


@click.group(
    cls=Group,
    lazy={"run": "penstock.cli.local_run:run", "up": "penstock.cli.local_up:up"},
    epilog=_EPILOG,
)
def local() -> None:
    """Run what is synthesised on this machine, with no AWS account and no Docker."""
