"""The commands."""

import click

from penstock.cli.group import Group

EPILOG = """\b
Example:
  penstock local run bigmart
"""


@click.group(
    "penstock",
    cls=Group,
    lazy={
        "validate": "penstock.cli.validate:validate",
        "graph": "penstock.cli.graph:graph",
        "local": "penstock.cli.local:local",
        "container": "penstock.cli.container:container",
        "new": "penstock.cli.new:new",
        "status": "penstock.cli.status:status",
        "approve": "penstock.cli.approve:approve",
        "reject": "penstock.cli.reject:reject",
        "rollback": "penstock.cli.rollback:rollback",
        "redrive": "penstock.cli.redrive:redrive",
    },
    epilog=EPILOG,
)
@click.version_option(package_name="penstock")
def main() -> None:
    """SageMaker pipelines in AWS CDK that run on a laptop exactly as they are deployed."""
