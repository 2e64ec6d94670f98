"""`penstock graph`: the state machine of a pipeline, drawn."""

from pathlib import Path
from typing import IO

import click

from penstock.cli.project import project_root
from penstock.graph import mermaid, svg, text
from penstock.graph.machine import read_machine
from penstock.run.synth import synthesise

TEXTS = {"text": text.draw, "mermaid": mermaid.draw}
EPILOG = """\b
Examples:
  penstock graph bigmart
  penstock graph bigmart --format mermaid
  penstock graph bigmart --format svg --output bigmart.svg
"""


@click.command(epilog=EPILOG)
@click.argument("pipeline")
@click.option("--environment", default="dev", show_default=True, help="The entry of environments.yaml to draw.")
@click.option(
    "--format",
    "format_",
    type=click.Choice([*TEXTS, "svg"]),
    default="text",
    show_default=True,
    help="SVG is drawn in Node.js.",
)
@click.option("--output", type=click.File("w", encoding="utf-8"), default="-", help="Write to a file.")
def graph(pipeline: str, environment: str, format_: str, output: IO[str]) -> None:
    """Draw the state machine of PIPELINE, as it is synthesised."""
    root = project_root(Path.cwd())
    synthesise(root)
    machine = read_machine(root / "cdk.out", environment, pipeline)
    drawing = svg.draw(machine, root) if format_ == "svg" else TEXTS[format_](machine)
    click.echo(drawing, file=output)
