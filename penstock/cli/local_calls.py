"""`penstock local calls`: who called what, on what, and how that ended."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import click

from penstock.cli.project import project_root
from penstock.errors import PenstockError
from penstock.local.control import Connection
from penstock.run.calls import Filter, moment, read, table
from penstock.spec.mistakes import plural

_EPILOG = """\b
Examples:
  penstock local calls --role dev-bigmart-workflow --operation 'sagemaker:*'
  penstock local calls --cloud --denied --since 10m
"""


@click.command(epilog=_EPILOG)
@click.option("--run", "run_id", metavar="ID", help="The run, by its execution's name. Without it, the newest.")
@click.option("--cloud", is_flag=True, help="Not of a run, but of the cloud that AWS_ENDPOINT_URL names.")
@click.option("--role", default="", metavar="PATTERN", help="Of a role, a user or a service: dev-bigmart-*, operator.")
@click.option("--operation", default="", metavar="PATTERN", help="Of an operation: sagemaker:Create*, or PutObject.")
@click.option("--resource", default="", metavar="PATTERN", help="On a resource: a part of its ARN, or a pattern of it.")
@click.option("--denied", is_flag=True, help="That the policies did not allow.")
@click.option("--failed", is_flag=True, help="That ended in an error.")
@click.option("--since", metavar="TIME", help="From then on: 30s, 10m, 2h or 1d ago, or a time in ISO 8601.")
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON a call.")
def calls(
    *,
    run_id: str | None,
    cloud: bool,
    role: str,
    operation: str,
    resource: str,
    denied: bool,
    failed: bool,
    since: str | None,
    as_json: bool,
) -> None:
    """Show the calls of a run, or of a running cloud: when, who, what, how long, how it ended, on what.

    Names may have * and ? in them.
    """
    if cloud and run_id is not None:
        raise PenstockError("--run and --cloud: a run's calls or the cloud's, not both. Leave one of them out.")
    begin = moment(since, datetime.now(UTC)) if since else None
    wanted = Filter(role, operation, resource, denied=denied, failed=failed, since=begin)
    record = _cloud() if cloud else _run(project_root(Path.cwd()) / ".penstock" / "runs", run_id)
    found = list(read(record / "calls.jsonl", wanted))
    for line in map(json.dumps, found) if as_json else table(found):
        click.echo(line)
    click.echo(f"{plural(len(found), 'call')} of {record}", err=True)


def _cloud() -> Path:
    url, key = os.environ.get("AWS_ENDPOINT_URL"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if not url or not key:
        raise PenstockError("--cloud: export the variables that `penstock local up` printed, and try again.")
    return Path(Connection(url=url.rstrip("/"), key=key).describe()["work"])


def _run(runs: Path, run_id: str | None) -> Path:
    if run_id is not None:
        return runs / run_id
    newest = max(runs.glob("*/calls.jsonl"), key=lambda path: path.stat().st_mtime, default=None)
    if newest is None:
        raise PenstockError(f"{runs} has no runs: `penstock local run` makes one.")
    return newest.parent
