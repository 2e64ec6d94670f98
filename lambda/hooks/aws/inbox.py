"""Endpoints that are asked, and answer, through S3."""

import time

from hooks.aws import clients, s3
from hooks.predictions import SmokeTestFailed

_SECONDS, _PAUSE_SECONDS = 240, 1


def predict(endpoint: str, inbox: str, name: str, csv: str) -> str:
    """Return what the endpoint answers to CSV that is put into `inbox`, an S3 URI, under a name.

    Raises:
        SmokeTestFailed: it answers with an error, or not at all.
    """
    bucket, folder = s3.place(inbox)
    key = f"{folder}smoke-{name}.csv"
    s3.write_text(bucket, key, csv)
    answer = clients.client("sagemaker-runtime").invoke_endpoint_async(
        EndpointName=endpoint, InputLocation=f"s3://{bucket}/{key}", ContentType="text/csv", Accept="text/csv"
    )
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        if (found := _read(answer["OutputLocation"])) is not None:
            return found
        if (found := _read(answer["FailureLocation"])) is not None:
            raise SmokeTestFailed(f"The new model answers with an error: {found[:1000]}. See its log.")
        time.sleep(_PAUSE_SECONDS)
    raise SmokeTestFailed(f"The new model did not answer within {_SECONDS} s. See its log.")


def _read(uri: str) -> str | None:
    """Return what is at an S3 URI, or None as long as nothing is: to read it only when it is there takes less leave."""
    return s3.read(uri) if s3.exists(*s3.place(uri)) else None
