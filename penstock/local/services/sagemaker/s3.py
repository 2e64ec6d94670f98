"""Objects in S3, read and written with a role's own credentials."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boto3.s3.transfer import TransferConfig, create_transfer_manager

from penstock.local.service import AwsError

_TRANSFER = TransferConfig(preferred_transfer_client="classic")


@dataclass(frozen=True)
class S3Uri:
    """`s3://bucket/key`; the key may be empty, or a prefix."""

    bucket: str
    key: str

    @classmethod
    def parse(cls, uri: str) -> "S3Uri":
        """Take a URI apart.

        Raises:
            AwsError: ValidationException, it is no S3 URI.
        """
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        if not uri.startswith("s3://") or not bucket:
            raise AwsError("ValidationException", f"Invalid S3 URI: {uri}. It has the form s3://bucket/key.")
        return cls(bucket, key)

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


def keys(s3: Any, prefix: S3Uri) -> Iterator[str]:
    """Yield the keys below a prefix, but not those that stand for folders."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=prefix.bucket, Prefix=prefix.key):
        yield from (item["Key"] for item in page.get("Contents", []) if not item["Key"].endswith("/"))


def download(s3: Any, source: S3Uri, target: Path) -> None:
    """Copy one object into a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        shutil.copyfileobj(s3.get_object(Bucket=source.bucket, Key=source.key)["Body"], file)


def upload(s3: Any, source: Path, target: S3Uri, kms_key: str) -> None:
    """Copy a file into an object; a large one goes in parts, which are removed again should one of them fail."""
    with create_transfer_manager(s3, _TRANSFER) as transfer:
        transfer.upload(str(source), target.bucket, target.key, extra_args=_encryption(kms_key)).result()


def put(s3: Any, body: bytes, target: S3Uri, kms_key: str) -> None:
    """Write an object, encrypted with a KMS key if one is given."""
    s3.put_object(Bucket=target.bucket, Key=target.key, Body=body, **_encryption(kms_key))


def _encryption(kms_key: str) -> dict[str, str]:
    return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key} if kms_key else {}
