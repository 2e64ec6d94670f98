"""`penstock rollback`: a former model, deployed again."""

import click

from penstock.cli.outcome import outcome
from penstock.cli.pipeline_options import connected, end_json_option, environment_option
from penstock.cli.screen import Screen
from penstock.run.rollback import Rollback

_EPILOG = """\b
Examples:
  penstock rollback bigmart
  penstock rollback bigmart --to 4
"""


@click.command(epilog=_EPILOG)
@click.argument("pipeline")
@click.option("--to", type=click.IntRange(min=1), metavar="GENERATION", help="Without it, the one before what serves.")
@environment_option
@end_json_option
def rollback(pipeline: str, to: int | None, environment: str, *, as_json: bool) -> None:
    """Deploy a former model of PIPELINE again, and follow the run to its end.

    It is a run of the same state machine with a model that is known: it is not trained and judged again, and rolled out
    and tested like any other. The exit code is 0 only if it succeeds. It works in the cloud that `penstock local up`
    keeps.
    """
    with outcome(pipeline, as_json=as_json) as result:
        project, cloud = connected(environment, pipeline)
        screen = Screen(quiet=as_json)
        roll_back = Rollback(
            project, environment=environment, to=to, result=result, say=screen.say, working=screen.working
        )
        roll_back(cloud)
