"""`penstock reject`: an answer to a run that waits for one."""

import click

from penstock.cli.answering import give_answer, why_option
from penstock.cli.pipeline_options import environment_option

_EPILOG = """\b
Example:
  penstock reject bigmart --why "its errors grow with the price"
"""


@click.command(epilog=_EPILOG)
@click.argument("pipeline")
@why_option
@environment_option
def reject(pipeline: str, why: str, environment: str) -> None:
    """Keep the model of PIPELINE that waits for approval from being deployed.

    It shows what the run has found out about the model, and who has answered. It works in the cloud that
    `penstock local up` keeps.
    """
    give_answer(pipeline, environment, approved=False, why=why)
