"""What a run has written to its folder in the artefact bucket."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from penstock.local.service import JsonObject

# As they are called in the run's folder of the bucket, and in .penstock/runs/<run>/.
KEPT = {
    "profile/profile.json": "profile.json",
    "evaluation/evaluation.json": "evaluation.json",
    "evaluation/report.html": "report.html",
    "failure.txt": "failure.txt",
}
_MISSING = {"NoSuchKey", "NoSuchBucket", "404"}


class Artefacts:
    """A run's files, read through an S3 client; `folder` is their URI, s3://bucket/…, or nothing for a run without."""

    def __init__(self, s3: Any, folder: str) -> None:
        self._s3 = s3
        self._bucket, _, prefix = folder.removeprefix("s3://").partition("/")
        self._prefix = prefix.rstrip("/")

    def content(self, name: str) -> bytes | None:
        """Return a file's content, or None if there is no such file."""
        if not self._bucket:
            return None
        try:
            found: bytes = self._s3.get_object(Bucket=self._bucket, Key=f"{self._prefix}/{name}")["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                return None
            raise
        return found

    def text(self, name: str) -> str:
        """Return a file's text; nothing if there is no such file."""
        return (self.content(name) or b"").decode(errors="replace")

    def json(self, name: str) -> JsonObject:
        """Return what a JSON file has; nothing if there is no such file."""
        found: JsonObject = json.loads(self.content(name) or b"{}")
        return found

    def names(self, prefix: str) -> list[str]:
        """Return the names of the files whose names begin with a prefix, in order."""
        if not self._bucket:
            return []
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=f"{self._prefix}/{prefix}"
        )
        keys = [item["Key"] for page in pages for item in page.get("Contents", ())]
        return [key.removeprefix(f"{self._prefix}/") for key in keys]

    def fetch(self, into: Path, names: Iterable[str] = KEPT) -> None:
        """Copy files, as far as they are there, to a folder."""
        for name in names:
            content = self.content(name)
            if content is not None:
                (into / KEPT[name]).write_bytes(content)
