"""`penstock approve`: an answer to a run that waits for one."""

import click

from penstock.cli.answering import give_answer, why_option
from penstock.cli.pipeline_options import environment_option

_EPILOG = """\b
Example:
  penstock approve bigmart --why "better on every outlet, see the report"
"""


@click.command(epilog=_EPILOG)
@click.argument("pipeline")
@why_option
@environment_option
def approve(pipeline: str, why: str, environment: str) -> None:
    """Let the model of PIPELINE be deployed that waits for approval.

    It shows what the run has found out about the model, and who has answered. It works in the cloud that
    `penstock local up` keeps.
    """
    give_answer(pipeline, environment, approved=True, why=why)
