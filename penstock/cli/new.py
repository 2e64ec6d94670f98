"""`penstock new`: folders to begin with."""

import click

from penstock.cli.group import Group

_EPILOG = """\b
Example:
  penstock new container prices
"""


@click.group(cls=Group, lazy={"container": "penstock.cli.new_container:container"}, epilog=_EPILOG)
def new() -> None:
    """Make what a user of Penstock begins with."""
