"""`penstock container check`: do a container's programs keep the contract?"""

import shutil
import tempfile
import time
from pathlib import Path
from typing import get_args

import click

from penstock.cli.project import project_root
from penstock.cli.screen import Screen
from penstock.cli.stage_options import json_option
from penstock.contract.check import Verdict
from penstock.contract.checks import CHECKS
from penstock.contract.container import find
from penstock.contract.limits import Limits
from penstock.contract.report import Report, lines
from penstock.contract.subject import Subject
from penstock.contract.table import Problem, Table
from penstock.errors import PenstockError
from penstock.local.programs.building import build

_EPILOG = """\b
Examples:
  penstock container check forest
  penstock container check containers/forest --problem binary --set n_estimators=10
"""


@click.command(epilog=_EPILOG)
@click.argument("container")
@click.option(
    "--problem",
    type=click.Choice(get_args(Problem)),
    default="regression",
    show_default=True,
    help="What it is given to learn.",
)
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A hyperparameter of the container's own.")
@json_option
def check(container: str, problem: Problem, settings: tuple[str, ...], *, as_json: bool) -> None:
    """Check what the programs of CONTAINER do, run as the local cloud runs them: `train` and `serve`.

    CONTAINER is the name of a folder of containers/, or a path. The exit code is 0 only if no check failed; otherwise
    the logs of its programs are kept.
    """
    root, began, screen = project_root(Path.cwd()), time.perf_counter(), Screen(quiet=as_json)
    folder, hyperparameters = find(container, root / "containers"), dict(map(_parted, settings))
    screen.working("Building; the first time its packages are installed …")
    program = build(folder, root / ".penstock")
    work = _new_folder(root / ".penstock" / "checks", folder.name)
    verdicts: list[Verdict] = []
    try:
        with Subject(program, Table(problem), work, hyperparameters=hyperparameters, limits=Limits()) as subject:
            for one in CHECKS:
                screen.working(f"… {one.title}")
                verdicts.append(one.judge(subject))
                for line in lines(verdicts[-1]):
                    screen.say(line)
    finally:
        failed = any(verdict.outcome == "failed" for verdict in verdicts)
        if not failed:
            shutil.rmtree(work)
    report = Report(folder.name, problem, verdicts, time.perf_counter() - began, work if failed else None)
    for line in report.summary():
        screen.say(line)
    if as_json:
        click.echo(report.as_json())
    click.get_current_context().exit(1 if failed else 0)


def _parted(setting: str) -> tuple[str, str]:
    name, equals, value = setting.partition("=")
    if not name or not equals:
        raise PenstockError(f"--set {setting}: is no hyperparameter. Write it as NAME=VALUE.")
    return name, value


def _new_folder(parent: Path, name: str) -> Path:
    """Make a folder that nobody else has: a container may be checked twice at once."""
    parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=parent))
