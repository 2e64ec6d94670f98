"""The options of commands that have the local cloud misbehave."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from penstock.local.faults.fault import Fault
from penstock.local.faults.plan import read_file, read_lines

Command = TypeVar("Command", bound=Callable[..., Any])


def fault_options(command: Command) -> Command:
    """Add --fault and --faults to a command."""
    file = click.option(
        "--faults",
        "fault_file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="A YAML file of faults.",
    )
    line = click.option(
        "--fault",
        "faults",
        multiple=True,
        metavar="KIND=WHAT",
        help="Let something go wrong: throttle=sagemaker:CreateTrainingJob*3, hang=training, seed=7, …",
    )
    return file(line(command))


def read_plan(lines: Sequence[str], file: Path | None) -> list[Fault]:
    """Return the faults of both options.

    Raises:
        SpecError: what is wrong with them.
    """
    return [*(read_file(file) if file is not None else ()), *read_lines(lines)]
