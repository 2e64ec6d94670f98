"""`penstock container`: the programs that train and serve models."""

import click

from penstock.cli.group import Group

_EPILOG = """\b
Example:
  penstock container check forest
"""


@click.group(cls=Group, lazy={"check": "penstock.cli.container_check:check"}, epilog=_EPILOG)
def container() -> None:
    """Look at the containers that train and serve models."""
