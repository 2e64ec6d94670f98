"""What came out of a run, also when it failed: `--json` prints it."""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from urllib.parse import urlsplit

import click
from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from penstock.errors import CloudError, PenstockError, RunError
from penstock.run.result import Result


@contextmanager
def outcome(pipeline: str, *, as_json: bool) -> Iterator[Result]:
    """Provide the result of a run to be filled in, and print it as a line of JSON in the end, if it is wanted.

    Raises:
        PenstockError: what went wrong, which is then also in the result.
    """
    result, began = Result(pipeline), time.perf_counter()
    try:
        yield result
    except CloudError as error:
        result.error = _gone(result) or str(error)
        raise CloudError(result.error) from error
    except PenstockError as error:
        result.error = str(error)
        raise
    except (BotoCoreError, ClientError, Boto3Error) as error:
        result.error = _gone(result) or f"The local cloud refused a call of this run: {error}"
        raise RunError(result.error) from error
    finally:
        result.seconds = round(time.perf_counter() - began, 2)
        if as_json:
            click.echo(json.dumps(asdict(result)))


def _gone(result: Result) -> str:
    """Return what to say of a cloud that has ended under a run; nothing while it listens, or where none was begun."""
    url = os.environ.get("AWS_ENDPOINT_URL")
    if not url or result.execution is None:
        return ""
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname or "", address.port or 80), timeout=1).close()
    except OSError:
        return (
            f"The local cloud at {url} has gone, and execution {result.execution} was cut off. Start it again with"
            f" `penstock local up`, then `penstock redrive {result.pipeline} --execution {result.execution}` goes on."
        )
    return ""
