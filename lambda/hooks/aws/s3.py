"""S3: the data, and what a run keeps."""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice, takewhile
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from hooks.aws import clients
from hooks.rules import Copy, DataObject
from hooks.tidying import Stored

_COPIES_AT_ONCE = 8
_PART_BYTES = 256 * 1024**2  # S3 copies that much in seconds; boto3's own 8 MB would be calls by the hundred
_CONFLICT_SECONDS = 0.2
_MOST_AT_ONCE = 1000  # keys that one call removes


def latest_versions(bucket: str, key: str, *, limit: int) -> list[DataObject]:
    """Return the current version of the object `key`, or of every object below it if it ends with "/", by key.

    Folders, as consoles make them, are none; and the list ends when it has `limit` objects.
    """
    pages = clients.client("s3").get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key)
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
        clients.client("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps(value), IfNoneMatch="*")
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "ConditionalRequestConflict" and tries > 1:  # another call is writing it at this moment
            time.sleep(_CONFLICT_SECONDS)
            return write_once(bucket, key, value, tries=tries - 1)
        if code != "PreconditionFailed":
            raise
        return json.load(clients.client("s3").get_object(Bucket=bucket, Key=key)["Body"])
    return value


def copy_all(source: str, target: str, copies: Iterable[Copy], *, tag: str) -> None:
    """Copy versions of objects from one bucket to another, inside S3 and in parts where they are large."""
    s3 = clients.client("s3")
    large = TransferConfig(multipart_threshold=_PART_BYTES, multipart_chunksize=_PART_BYTES)

    # The copy has a tag of its own, so that the source's need not be read.
    tagged = {"TaggingDirective": "REPLACE", "Tagging": tag}

    def copy(wanted: Copy) -> None:
        version = {"Bucket": source, "Key": wanted.key, "VersionId": wanted.version}
        s3.copy(version, target, wanted.target, ExtraArgs=tagged, Config=large)

    with ThreadPoolExecutor(_COPIES_AT_ONCE) as pool:
        list(pool.map(copy, copies))


def exists(bucket: str, prefix: str) -> bool:
    """Return whether there is an object whose key begins with `prefix`."""
    return bool(clients.client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1).get("Contents"))


def stored(bucket: str, folder: str) -> list[Stored]:
    """Return every object below a folder."""
    pages = clients.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder)
    return [
        Stored(item["Key"].removeprefix(folder), item["LastModified"].timestamp())
        for page in pages
        for item in page.get("Contents", ())
    ]


def remove(bucket: str, keys: Sequence[str]) -> None:
    """Remove objects; what is gone already is no error.

    Raises:
        PermissionError: S3 did not remove one of them, and says why.
    """
    for start in range(0, len(keys), _MOST_AT_ONCE):
        some = {"Objects": [{"Key": key} for key in keys[start : start + _MOST_AT_ONCE]], "Quiet": True}
        for error in clients.client("s3").delete_objects(Bucket=bucket, Delete=some).get("Errors", ()):
            raise PermissionError(f"s3://{bucket}/{error['Key']} was not removed: {error['Code']}, {error['Message']}")


def place(uri: str) -> tuple[str, str]:
    """Return the bucket and the key of an S3 URI."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def read(uri: str) -> str:
    """Return the text that is at an S3 URI."""
    bucket, key = place(uri)
    text: str = clients.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    return text


def write_text(bucket: str, key: str, text: str) -> None:
    """Store a text."""
    clients.client("s3").put_object(Bucket=bucket, Key=key, Body=text.encode(), ContentType="text/plain; charset=utf-8")
