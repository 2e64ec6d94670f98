"""`penstock local mail`: what people would have been sent."""

from pathlib import Path

import click

from penstock.cli.project import project_root
from penstock.local.services.sns.mail import read
from penstock.run.session import running

_EPILOG = """\b
Example:
  penstock local mail --to ml-ops@example.com
"""


@click.command(epilog=_EPILOG)
@click.option("--to", metavar="ADDRESS", help="Only what was for this address.")
def mail(to: str | None) -> None:
    """Show the mail that topics of the cloud of `penstock local up` have sent, oldest first.

    It goes nowhere: it is kept in the folder mail/ of the cloud.
    """
    folder = running(project_root(Path.cwd())).work / "mail"
    found = [message for message in read(folder) if to in {None, message["To"]}]
    for message in found:
        click.echo(f"{message['Date']}  {message['To']}  {message['Subject']}")
        click.echo(f"{message.get_content().rstrip()}\n")
    click.echo(f"{len(found)} in {folder}", err=True)
