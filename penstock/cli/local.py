"""`penstock local`: the local cloud."""

import click

from penstock.cli.group import Group

_EPILOG = """\b
Example:
  penstock local run bigmart
"""


@click.group(
    cls=Group,
    lazy={
        "run": "penstock.cli.local_run:run",
        "up": "penstock.cli.local_up:up",
        "calls": "penstock.cli.local_calls:calls",
        "mail": "penstock.cli.local_mail:mail",
        "fault": "penstock.cli.local_fault:fault",
        "deploy": "penstock.cli.local_deploy:deploy",
        "diff": "penstock.cli.local_diff:diff",
        "destroy": "penstock.cli.local_destroy:destroy",
    },
    epilog=_EPILOG,
)
def local() -> None:
    """Run what is synthesised on this machine, with no AWS account and no Docker."""
