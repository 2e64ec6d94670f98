"""`penstock redrive`: a run that failed goes on at the state that failed."""

import click

from penstock.cli.outcome import outcome
from penstock.cli.pipeline_options import connected, end_json_option, environment_option
from penstock.cli.screen import Screen
from penstock.run.redrive import Redrive

_EPILOG = """\b
Examples:
  penstock redrive bigmart
  penstock redrive bigmart --execution 7c1f09ab
"""


@click.command(epilog=_EPILOG)
@click.argument("pipeline")
@click.option("--execution", "name", metavar="NAME", help="The run to redrive. Without it, the last one.")
@environment_option
@end_json_option
def redrive(pipeline: str, name: str | None, environment: str, *, as_json: bool) -> None:
    """Continue a run of PIPELINE that failed, was aborted, timed out or was cut off, and follow it to its end.

    It goes on at the state that failed, with the same input and the same definition: what had succeeded is not done
    again. The endpoint's lock is taken for it again, if it had it; while another run has it, nothing is done. The exit
    code is 0 only if it then succeeds. It works in the cloud that `penstock local up` keeps.
    """
    with outcome(pipeline, as_json=as_json) as result:
        project, cloud = connected(environment, pipeline)
        screen = Screen(quiet=as_json)
        continue_run = Redrive(
            project, environment=environment, name=name, result=result, say=screen.say, working=screen.working
        )
        continue_run(cloud)
