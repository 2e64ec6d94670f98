"""What `penstock approve` and `penstock reject` have in common."""

from collections.abc import Callable
from typing import Any

import click

from penstock.cli.pipeline_options import connected
from penstock.errors import PenstockError
from penstock.run import approving

_MOST = 1024  # what SageMaker keeps with a model package, in one line


def why_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --why."""
    return click.option("--why", required=True, metavar="TEXT", help="The reason; it is kept with the model.")(command)


def give_answer(pipeline: str, environment: str, *, approved: bool, why: str) -> None:
    """Answer what a pipeline waits for, and say what was answered.

    Raises:
        PenstockError: nothing waits, or no longer, or there is no reason.
    """
    why = " ".join(why.split())
    if not why:
        raise PenstockError("--why: is empty. Say in a few words why; it is kept with the model.")
    if len(why) > _MOST:
        raise PenstockError(f"--why: has {len(why):,} characters, and {_MOST:,} at most are kept. Say it in fewer.")
    _, cloud = connected(environment, pipeline)
    request = approving.pending(cloud.clients.operator, environment, pipeline)
    click.echo(f"{pipeline} · generation {request.generation}")
    for line in request.lines():
        click.echo(line)
    by = approving.answer(cloud.clients.operator, request, approved=approved, why=why)
    then = "The run deploys it now" if approved else "The run ends REJECTED; what serves now serves on"
    click.echo(f"{'Approved' if approved else 'Rejected'} by {by}: {why}")
    click.echo(f"{then}: `penstock status {pipeline}` shows how far it is.")
