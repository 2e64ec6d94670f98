"""`penstock validate`: are the files right?"""

from pathlib import Path

import click

from penstock.cli.project import project_root
from penstock.spec import load_project
from penstock.spec.mistakes import plural

EPILOG = """\b
Examples:
  penstock validate
  penstock validate --project ~/models
"""


@click.command(epilog=EPILOG)
@click.option(
    "--project",
    "start",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="A folder of the project, instead of the current one.",
)
def validate(start: Path) -> None:
    """Check the files of all pipelines.

    Those are environments.yaml, every pipeline.yaml and what they name. Every mistake is told at once, with its file,
    line and column; the exit code is then 1.
    """
    project = load_project(project_root(start))
    pipelines, environments = len(project.pipelines), len(project.environments)
    click.echo(f"{plural(pipelines, 'pipeline')} and {plural(environments, 'environment')} are valid.")
