"""`penstock local fault`: faults in a cloud that runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from penstock.cli.fault_options import read_plan
from penstock.cli.project import project_root
from penstock.run.session import running
from penstock.spec.mistakes import plural

_EPILOG = """\b
Examples:
  penstock local fault lose=sagemaker:UpdateEndpoint crash=prepare:during
  penstock local fault
  penstock local fault --clear
"""


@click.command(epilog=_EPILOG)
@click.argument("faults", nargs=-1, metavar="[KIND=WHAT]…")
@click.option("--faults", "file", type=click.Path(path_type=Path), metavar="FILE", help="A YAML file of faults.")
@click.option("--clear", is_flag=True, help="Forget what was planned before.")
def fault(faults: tuple[str, ...], file: Path | None, *, clear: bool) -> None:
    """Plan faults in the cloud that `penstock local up` keeps, and list all that are planned there.

    Each is listed with how often it was met so far.
    """
    plan = read_plan(faults, file)
    connection = running(project_root(Path.cwd())).connection
    _list(connection.faults(plan=plan, forget=None if clear else ())["faults"])


def _list(faults: Sequence[dict[str, Any]]) -> None:
    for item in faults:
        met = f"met {plural(len(item['met']), 'time')}, last by {item['met'][-1]}" if item["met"] else "not met yet"
        click.echo(f"{item['fault']}: {met}")
    if not faults:
        click.echo("No faults are planned.")
