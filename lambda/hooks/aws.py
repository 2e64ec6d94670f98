"""Every call to AWS that the hooks make; the only module here that imports boto3."""

import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import islice, takewhile
from typing import Any

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

from hooks.rules import Copy, DataObject

_COPIES_AT_ONCE = 8
_PART_BYTES = 256 * 1024**2  # S3 copies that much in seconds; boto3's own 8 MB would be calls by the hundred
_CONFLICT_SECONDS = 0.2
# A run fails with its hook: three times, boto3's default, is soon throttled where eight copies go on at once.
_CONFIG = Config(retries={"mode": "standard", "total_max_attempts": 5})


@cache
def client(service: str) -> Any:
    """Return the one client of a service: making it takes a quarter of a second, so only the hooks that need it do."""
    return boto3.client(service, config=_CONFIG)


def latest_versions(bucket: str, key: str, *, limit: int) -> list[DataObject]:
    """Return the current version of the object `key`, or of every object below it if it ends with "/", by key.

    Folders, as consoles make them, are none; and the list ends when it has `limit` objects.
    """
    pages = client("s3").get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key)
    versions: Iterator[Any] = (version for page in pages for version in page.get("Versions", ()))
    if not key.endswith("/"):  # its own versions come first, then those of keys that begin like it
        versions = takewhile(lambda version: version["Key"] == key, versions)
    current = (
        DataObject(key=version["Key"], version=version["VersionId"], size=version["Size"])
        for version in versions
        if version["IsLatest"] and not version["Key"].endswith("/")
    )
    return list(islice(current, limit))


def write_once(bucket: str, key: str, value: Any, *, tries: int = 5) -> Any:
    """Store `value` as JSON unless something is stored there already; return what is there then."""
    try:
        client("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps(value), IfNoneMatch="*")
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "ConditionalRequestConflict" and tries > 1:  # another call is writing it at this moment
            time.sleep(_CONFLICT_SECONDS)
            return write_once(bucket, key, value, tries=tries - 1)
        if code != "PreconditionFailed":
            raise
        return json.load(client("s3").get_object(Bucket=bucket, Key=key)["Body"])
    return value


def copy_all(source: str, target: str, copies: Iterable[Copy], *, tag: str) -> None:
    """Copy versions of objects from one bucket to another, inside S3 and in parts where they are large."""
    s3 = client("s3")
    large = TransferConfig(multipart_threshold=_PART_BYTES, multipart_chunksize=_PART_BYTES)

    # The copy has a tag of its own, so that the source's need not be read.
    tagged = {"TaggingDirective": "REPLACE", "Tagging": tag}

    def copy(wanted: Copy) -> None:
        version = {"Bucket": source, "Key": wanted.key, "VersionId": wanted.version}
        s3.copy(version, target, wanted.target, ExtraArgs=tagged, Config=large)

    with ThreadPoolExecutor(_COPIES_AT_ONCE) as pool:
        list(pool.map(copy, copies))


def predict(endpoint: str, csv: str) -> tuple[str, str]:
    """Return what an endpoint answers to CSV, and the custom attributes of its answer: the model that gave it."""
    answer = client("sagemaker-runtime").invoke_endpoint(
        EndpointName=endpoint, ContentType="text/csv", Accept="text/csv", Body=csv.encode()
    )
    return answer["Body"].read().decode(), answer.get("CustomAttributes", "")


def latest_events(execution: str) -> list[dict[str, Any]]:
    """Return the last events of an execution's history, the very last first."""
    events: list[dict[str, Any]] = client("stepfunctions").get_execution_history(
        executionArn=execution, reverseOrder=True, maxResults=200
    )["events"]
    return events


def describe_endpoint(name: str) -> dict[str, Any] | None:
    """Return what SageMaker says of an endpoint, or None if there is no such."""
    try:
        endpoint: dict[str, Any] = client("sagemaker").describe_endpoint(EndpointName=name)
    except ClientError as error:
        if "Could not find endpoint" not in error.response["Error"]["Message"]:
            raise
        return None
    return endpoint


def publish(topic: str, subject: str, message: str) -> None:
    """Publish a message on a topic."""
    client("sns").publish(TopicArn=topic, Subject=subject, Message=message)
