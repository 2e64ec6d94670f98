"""moto's random numbers, so that a call made again gives the ids that it gave the first time.

moto draws ids from one generator, which can be seeded. What it draws elsewhere, from the operating system, is read from
its state after the call, and put back there after the call is made again.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from moto.backends import get_backend
from moto.moto_api._internal import mock_random
from werkzeug.wrappers import Response

from penstock.local.arns import partition
from penstock.local.gateway.requests import Call
from penstock.local.service import JsonObject

_UPLOAD_ID = re.compile(r"<UploadId>([^<]+)<")
_KEY_ID = re.compile(r'"KeyId":\s*"([^"]+)"')


def seed(number: int | None = None) -> None:
    """Begin a series of random numbers again, or without a number one that nobody knows."""
    mock_random.seed(number)


def state(service: str, account: str, region: str) -> Any:
    """Return moto's state of a service; the first time makes it, which draws random numbers of its own."""
    regions = get_backend(service)[account]
    return regions[partition(region) if "aws" in regions.regions else region]


def keep(call: Call, moto: Any, response: Response) -> JsonObject:
    """Return what a call has drawn from elsewhere."""
    keeper = _KEEPERS.get(f"{call.service}:{call.operation.name}")
    return keeper[0](call, moto, response) if keeper else {}


def put_back(call: Call, moto: Any, response: Response, kept: JsonObject) -> None:
    """Put back what a call drew from elsewhere the first time."""
    if kept:
        _KEEPERS[f"{call.service}:{call.operation.name}"][1](call, moto, response, kept)


def _key(_call: Call, moto: Any, response: Response) -> JsonObject:
    key = moto.keys[_found(_KEY_ID, response)]
    private = key.private_key.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return {"material": key.key_material, "private": private}


def _put_key_back(_call: Call, moto: Any, response: Response, kept: JsonObject) -> None:
    key = moto.keys[_found(_KEY_ID, response)]
    key.key_material = kept["material"]
    key.private_key.private_key = load_der_private_key(kept["private"], password=None)


def _upload(_call: Call, _moto: Any, response: Response) -> JsonObject:
    return {"id": _found(_UPLOAD_ID, response)}


def _put_upload_back(call: Call, moto: Any, response: Response, kept: JsonObject) -> None:
    uploads = moto.get_bucket(call.parameters["Bucket"]).multiparts
    upload = uploads.pop(_found(_UPLOAD_ID, response))
    upload.id = kept["id"]
    uploads[upload.id] = upload


def _found(pattern: re.Pattern[str], response: Response) -> str:
    found = pattern.search(response.get_data(as_text=True))
    if found is None:
        raise ValueError(f"moto answered without {pattern.pattern}")
    return found[1]


_Keep = Callable[[Call, Any, Response], JsonObject]
_PutBack = Callable[[Call, Any, Response, JsonObject], None]
_KEEPERS: Mapping[str, tuple[_Keep, _PutBack]] = {
    "kms:CreateKey": (_key, _put_key_back),
    "s3:CreateMultipartUpload": (_upload, _put_upload_back),
}
