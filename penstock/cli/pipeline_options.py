"""What the commands have in common that work on one pipeline, in a cloud that runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from penstock.cli.project import project_root, require
from penstock.run.session import Session, running
from penstock.spec import Project, load_project


def environment_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --environment."""
    return click.option(
        "--environment", default="dev", show_default=True, help="The entry of environments.yaml that it runs in."
    )(command)


def end_json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --json."""
    return click.option("--json", "as_json", is_flag=True, help="End with one line of JSON on standard output.")(
        command
    )


def connected(environment: str, pipeline: str | None = None) -> tuple[Project, Session]:
    """Return the project here, and the cloud that the exported variables name.

    Raises:
        PenstockError: this is no project, it has no such environment or pipeline, or no cloud of it runs.
    """
    project = load_project(project_root(Path.cwd()))
    if pipeline is not None:
        require("pipeline", pipeline, project.pipelines)
    require("environment", environment, project.environments)
    return project, running(project.root)
