"""File assets on their way to the bucket that `cdk bootstrap` would have made."""

import io
import zipfile
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from penstock.assembly import FileAsset
from penstock.local.clients import Clients
from penstock.local.deploy.resources.base import assets_bucket
from penstock.local.deploy.resources.s3 import create_bucket

_VERSION_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
_VERSION = "33"  # of the bootstrap template in aws-cdk 2.1148
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can say: the same folder gives the same bytes


def bootstrap(clients: Clients) -> None:
    """Make the bucket that assets go to, unless it is there."""
    bucket = assets_bucket(clients)
    if not _exists(clients.operator("s3").head_bucket, Bucket=bucket):
        create_bucket(clients, bucket)


def stored(clients: Clients, name: str) -> str | None:
    """Return the value of a parameter of the Systems Manager, or None.

    The bootstrap's own version is put when it is first asked for: few stacks ask, and loading moto's Systems Manager
    takes most of a second.
    """
    ssm = clients.operator("ssm")
    try:
        value: str = ssm.get_parameter(Name=name)["Parameter"]["Value"]
    except ssm.exceptions.ParameterNotFound:
        if name != _VERSION_PARAMETER:
            return None
        ssm.put_parameter(Name=name, Value=_VERSION, Type="String")
        return _VERSION
    return value


def publish(clients: Clients, assets: Iterable[FileAsset]) -> None:
    """Upload the assets that are not there yet; a key is the hash of the content, so what is there is the same."""
    s3 = clients.operator("s3")
    for asset in assets:
        bucket, key = _placed(asset.bucket, clients), _placed(asset.key, clients)
        if not _exists(s3.head_object, Bucket=bucket, Key=key):
            body = zip_folder(asset.source) if asset.zipped else asset.source.read_bytes()
            s3.put_object(Bucket=bucket, Key=key, Body=body)


def zip_folder(folder: Path) -> bytes:
    """Zip a folder so that the same files always give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (path.stat().st_mode & 0xFFFF) << 16
            archive.writestr(entry, path.read_bytes())
    return target.getvalue()


def _placed(text: str, clients: Clients) -> str:
    return text.replace("${AWS::AccountId}", clients.account).replace("${AWS::Region}", clients.region)


def _exists(head: Any, **where: str) -> bool:
    try:
        head(**where)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.NOT_FOUND:
            return False
        raise
    return True
