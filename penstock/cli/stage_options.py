"""What the commands have in common that work on the stacks of an environment, in a cloud that runs."""

from collections.abc import Callable
from typing import Any

import click


def environment_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --environment."""
    return click.option(
        "--environment", default="dev", show_default=True, help="The entry of environments.yaml whose stacks they are."
    )(command)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print it as JSON, in one line.")(command)
