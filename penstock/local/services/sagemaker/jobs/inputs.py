"""The data of a job: which objects they are, which of them each host gets, and the files that they become."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.s3 import S3Uri, download, keys

SHARDED = "ShardedByS3Key"


@dataclass(frozen=True)
class Item:
    """An object, and its path below the folder that it is put into."""

    uri: S3Uri
    name: str


def listed(s3: Any, source: JsonObject) -> list[Item]:
    """Return the objects that a data source means: those below a prefix, or those that a manifest names.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html

    Raises:
        ClientError: S3 refuses the list or the manifest.
        ValueError: there are none, or the manifest cannot be read.
    """
    uri = S3Uri.parse(source["S3Uri"])
    items = _of_manifest(s3, uri) if source.get("S3DataType") == "ManifestFile" else _below(s3, uri)
    if not items:
        raise ValueError(f"no objects under {uri}")
    return items


def shard(items: Sequence[Item], distribution: str, number: int, count: int) -> Sequence[Item]:
    """Return what the host of a number, from 1, gets of some items: all of them, or its share."""
    return items[number - 1 :: count] if distribution == SHARDED else items


def fetch(s3: Any, items: Sequence[Item], folder: Path) -> None:
    """Copy objects into a folder, which is there even if there are none.

    Raises:
        ClientError: S3 refuses one of them.
        ValueError: a key leads out of the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for item in items:
        target = folder / item.name
        if not target.resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"the key {item.uri.key!r} leads out of the channel's folder")
        download(s3, item.uri, target)


def _below(s3: Any, prefix: S3Uri) -> list[Item]:
    """What is below the folder that the prefix is, or begins in, keeps its path."""
    folder, parent = prefix.key.rstrip("/") + "/", prefix.key[: prefix.key.rfind("/") + 1]
    return [
        Item(S3Uri(prefix.bucket, key), key.removeprefix(folder if key.startswith(folder) else parent))
        for key in keys(s3, prefix)
    ]


def _of_manifest(s3: Any, uri: S3Uri) -> list[Item]:
    """Read `[{"prefix": "s3://bucket/folder/"}, "a.csv", …]`."""
    body = s3.get_object(Bucket=uri.bucket, Key=uri.key)["Body"].read()
    try:
        (head, *names) = json.loads(body)
        prefix = S3Uri.parse(head["prefix"])
        return [Item(S3Uri(prefix.bucket, prefix.key + str(name)), str(name).lstrip("/")) for name in names]
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(
            f'{uri} is no manifest: it has the form [{{"prefix": "s3://bucket/folder/"}}, "a.csv", "b.csv"]. ({error})'
        ) from error
