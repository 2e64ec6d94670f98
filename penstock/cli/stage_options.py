"""What the commands have in common that work on the stacks of an environment, in a cloud that runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from penstock.cli.project import project_root, require
from penstock.local.control import Connection
from penstock.run.session import running
from penstock.spec import Project, load_project


def environment_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --environment."""
    return click.option(
        "--environment", default="dev", show_default=True, help="The entry of environments.yaml whose stacks they are."
    )(command)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print it as JSON, in one line.")(command)


def connected(environment: str) -> tuple[Project, Connection]:
    """Return the project here, and the cloud that the exported variables name.

    Raises:
        PenstockError: this is no project, it has no such environment, or no cloud of it runs.
    """
    project = load_project(project_root(Path.cwd()))
    require("environment", environment, project.environments)
    return project, running(project.root).connection
