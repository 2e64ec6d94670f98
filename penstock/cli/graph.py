"""`penstock graph`: the state machine of a pipeline, or one of its executions, drawn."""

import json
import os
from pathlib import Path
from typing import IO

import click

from penstock.cli.pipeline_options import environment_option
from penstock.cli.project import project_root
from penstock.errors import PenstockError
from penstock.graph import mermaid, structure, svg, text, trace
from penstock.graph.machine import Machine, parse, read_machine
from penstock.graph.style import Drawing
from penstock.run import events
from penstock.run.execution import Execution
from penstock.run.kept import recall
from penstock.run.machines import machine_arn
from penstock.run.session import running
from penstock.run.synth import synthesise

TEXTS = {"text": text.draw, "mermaid": mermaid.draw}
EPILOG = """\b
Examples:
  penstock graph bigmart
  penstock graph bigmart --format svg --output bigmart.svg
  penstock graph bigmart --execution 7c1f09ab
  penstock graph bigmart --execution 7c1f09ab --reached --format mermaid
"""


@click.command(epilog=EPILOG)
@click.argument("pipeline")
@environment_option
@click.option(
    "--format",
    "format_",
    type=click.Choice([*TEXTS, "svg"]),
    default="text",
    show_default=True,
    help="SVG is drawn in Node.js.",
)
@click.option("--execution", metavar="NAME", help="Show what became of each state in an execution, and for how long.")
@click.option("--reached", is_flag=True, help="With --execution: draw only the states that it has reached.")
@click.option("--output", type=click.File("w", encoding="utf-8"), default="-", help="Write to a file.")
def graph(
    pipeline: str, environment: str, format_: str, execution: str | None, output: IO[str], *, reached: bool
) -> None:
    """Draw the state machine of PIPELINE, as it is synthesised.

    With --execution it is drawn as that execution went through it: what succeeded, whose error was caught, what failed,
    and what it did not reach. With the variables exported that `penstock local up` printed it is one of that cloud, and
    may still run; otherwise one of those kept in .penstock/runs.
    """
    if reached and execution is None:
        raise PenstockError("--reached: of which execution? Name it with --execution NAME.")
    root = project_root(Path.cwd())
    if execution is None:
        drawing = _synthesised(root, environment, pipeline)
    else:
        machine, run = _executed(root, environment, pipeline, execution)
        drawing = Drawing(machine, trace.trace_of(run))
    if format_ != "text":
        drawing = _folded(drawing)
    if reached and drawing.trace is not None:
        drawing = Drawing(trace.reached(drawing.machine, drawing.trace), drawing.trace)
    drawn = svg.draw(drawing, root) if format_ == "svg" else TEXTS[format_](drawing)
    click.echo(drawn, file=output)


def _synthesised(root: Path, environment: str, pipeline: str) -> Drawing:
    synthesise(root)
    return Drawing(read_machine(root / "cdk.out", environment, pipeline))


def _executed(root: Path, environment: str, pipeline: str, name: str) -> tuple[Machine, Execution]:
    """Return the machine that an execution has gone through, and the execution."""
    if not os.environ.get("AWS_ENDPOINT_URL"):
        definition, run = recall(root / ".penstock" / "runs" / name)
        return parse(f"{environment}-{pipeline}", definition), run
    cloud = running(root)
    states = cloud.clients.operator("stepfunctions")
    arn = f"{machine_arn(states, environment, pipeline).replace(':stateMachine:', ':execution:')}:{name}"
    try:
        described = states.describe_state_machine_for_execution(executionArn=arn)
    except states.exceptions.ExecutionDoesNotExist as error:
        raise PenstockError(
            f"{pipeline} has no run {name} in this cloud. `penstock status` names the last one."
        ) from error
    run = events.take_all(Execution(arn, name, speed=cloud.speed), events.history(states, arn))
    return parse(f"{environment}-{pipeline}", json.loads(described["definition"])), run


def _folded(drawing: Drawing) -> Drawing:
    """Return a drawing in which a state's error and further attempts are part of it: there are many of those."""
    way = trace.fold(drawing.trace, drawing.machine) if drawing.trace is not None else None
    return Drawing(structure.fold(drawing.machine), way)
