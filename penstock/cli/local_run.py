"""`penstock local run`: a pipeline, from its data to a served model."""

from pathlib import Path

import click

from penstock.cli.fault_options import fault_options, read_plan
from penstock.cli.outcome import outcome
from penstock.cli.project import project_root, require
from penstock.cli.screen import Screen
from penstock.cli.speed_option import speed_option
from penstock.errors import PenstockError
from penstock.run.overrides import parse
from penstock.run.run import Run
from penstock.spec import load_project

_EPILOG = """\b
Examples:
  penstock local run bigmart
  penstock local run bigmart --data sales.csv --set train.hyperparameters.n_estimators=50
  penstock local run prices --predict tomorrow.csv
  penstock local run bigmart --fault throttle=sagemaker:CreateTrainingJob*3
"""


@click.command(epilog=_EPILOG)
@click.argument("pipeline")
@click.option("--data", "file", type=click.Path(path_type=Path), help="A CSV file. Without it, generated records.")
@click.option(
    "--predict",
    "rows",
    type=click.Path(path_type=Path),
    help="What a batch pipeline predicts for, a CSV file. Without it, the data itself.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="Override train.hyperparameters.NAME, train.instance_type or deploy.instance_type for this run.",
)
@click.option("--environment", default="dev", show_default=True, help="The entry of environments.yaml to run.")
@speed_option
@fault_options
@click.option("--permissions", is_flag=True, help="End with what each role was granted, used and was denied.")
@click.option("--json", "as_json", is_flag=True, help="End with one line of JSON on standard output.")
def run(
    pipeline: str,
    *,
    file: Path | None,
    rows: Path | None,
    settings: tuple[str, ...],
    environment: str,
    speed: float,
    faults: tuple[str, ...],
    fault_file: Path | None,
    permissions: bool,
    as_json: bool,
) -> None:
    """Synthesise, deploy and execute PIPELINE, then show what came of it, with some predictions.

    With the variables exported that `penstock local up` printed, the run uses that cloud; otherwise one of its own,
    which ends with the run. The exit code is 0 only if the execution succeeded.
    """
    with outcome(pipeline, as_json=as_json) as result:
        overrides, plan = parse(settings), read_plan(faults, fault_file)
        project = load_project(project_root(Path.cwd()))
        require("pipeline", pipeline, project.pipelines)
        require("environment", environment, project.environments)
        if rows is not None and project.pipelines[pipeline].deploy.kind != "batch":
            raise PenstockError(f"--predict {rows}: {pipeline} has an endpoint; batch pipelines predict for a file.")
        screen = Screen(quiet=as_json)
        run_once = Run(
            project,
            project.pipelines[pipeline],
            environment=environment,
            speed=speed,
            file=file,
            rows=rows,
            overrides=overrides,
            faults=plan,
            permissions=permissions,
            result=result,
            say=screen.say,
            working=screen.working,
        )
        run_once()
