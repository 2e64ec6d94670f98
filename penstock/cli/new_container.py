"""`penstock new container`: a container that trains and serves a small model."""

from pathlib import Path

import click

from penstock.cli.project import project_root
from penstock.scaffold.container import MODELS, new_container

_EPILOG = """\b
Examples:
  penstock new container prices
  penstock new container churn --problem binary
"""


@click.command(epilog=_EPILOG)
@click.argument("name")
@click.option(
    "--problem", type=click.Choice([*MODELS]), default="regression", show_default=True, help="What it learns."
)
def container(name: str, problem: str) -> None:
    """Make the folder containers/NAME, with programs that train and serve a small model of numpy.

    It keeps the contract as it is: replace its model by your own.
    """
    root = project_root(Path.cwd())
    for path in new_container(root / "containers", name, problem):
        click.echo(path.relative_to(root))
    package = name.replace("-", "_")
    option = "" if problem == "regression" else f" --problem {problem}"
    click.echo(f"Your model goes into {package}/fitting.py (`fit`) and {package}/model.py (`load` and `predict`).")
    click.echo(f"Check it with `penstock container check {name}{option}`; a pipeline.yaml then has it as")
    click.echo(f"  train: {{container: {name}}}")
