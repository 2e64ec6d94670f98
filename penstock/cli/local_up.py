"""`penstock local up`: a cloud that stays."""

import threading
from pathlib import Path

import click

from penstock.cli.project import project_root, require
from penstock.run.session import start_cloud
from penstock.spec import load_project

_EPILOG = """\b
Example:
  penstock local up --port 4566
"""
_PORT = 4566


@click.command(epilog=_EPILOG)
@click.option("--port", default=_PORT, show_default=True, help="The port on 127.0.0.1; 0 takes a free one.")
@click.option("--environment", default="dev", show_default=True, help="Whose account and region it has.")
def up(port: int, environment: str) -> None:
    """Keep a local cloud running until Ctrl-C, and print the variables with which every AWS client uses it."""
    project = load_project(project_root(Path.cwd()))
    require("environment", environment, project.environments)
    with start_cloud(project.root, project.environments[environment], port=port) as cloud:
        for name, value in cloud.clients.operator_environment().items():
            click.echo(f"export {name}={value}")
        click.echo(f"Ready. Logs and calls: {cloud.work}. Ctrl-C ends it and all that it runs.", err=True)
        threading.Event().wait()
