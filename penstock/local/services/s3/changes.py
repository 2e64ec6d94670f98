"""What a call did to objects, read from the request and from what moto keeps."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import unescape

from moto.s3.models import FakeDeleteMarker, FakeKey, s3_backends
from werkzeug.wrappers import Response

from penstock.local.arns import partition
from penstock.local.clients import Clients
from penstock.local.gateway.requests import Call
from penstock.local.service import JsonObject

_FAILED = re.compile(r"<Error>.*?<Key>(.*?)</Key>", re.DOTALL)
_CREATED = {
    "PutObject": "s3:ObjectCreated:Put",
    "CopyObject": "s3:ObjectCreated:Copy",
    "CompleteMultipartUpload": "s3:ObjectCreated:CompleteMultipartUpload",
}
_TOUCHED = {
    "PutObjectTagging": "s3:ObjectTagging:Put",
    "DeleteObjectTagging": "s3:ObjectTagging:Delete",
    "PutObjectAcl": "s3:ObjectAcl:Put",
}
_DELETED, _MARKED = "s3:ObjectRemoved:Delete", "s3:ObjectRemoved:DeleteMarkerCreated"
_NO_VERSION = "null"


@dataclass(frozen=True)
class Change:
    """Something that happened to an object; `version` is empty in a bucket without versions."""

    event: str
    key: str
    reason: str
    version: str = ""
    size: int | None = None
    etag: str = ""


@dataclass(frozen=True)
class Doomed:
    """An object that a call is about to delete: whether there is such a version is known before only."""

    key: str
    version: str | None
    exists: bool


class Objects:
    """The objects that moto keeps."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def doomed(self, call: Call) -> Sequence[Doomed]:
        """Return what a call is about to delete."""
        request = call.parameters
        if call.operation.name == "DeleteObject":
            named: list[JsonObject] = [request]
        elif call.operation.name == "DeleteObjects":
            named = request["Delete"]["Objects"]
        else:
            return ()
        return [self._doomed(request["Bucket"], one["Key"], one.get("VersionId")) for one in named]

    def changes(self, call: Call, response: Response, doomed: Sequence[Doomed]) -> Iterator[Change]:
        """Yield what a call that was carried out did."""
        name, request = str(call.operation.name), call.parameters
        if event := _CREATED.get(name) or _TOUCHED.get(name):
            yield self._changed(event, request, name, response.headers.get("x-amz-version-id"))
        elif name in {"DeleteObject", "DeleteObjects"}:
            failed = {unescape(key) for key in _FAILED.findall(response.get_data(as_text=True))}
            for one in doomed:
                if one.key not in failed and (change := self._removed(request["Bucket"], one)):
                    yield change

    def _changed(self, event: str, request: JsonObject, reason: str, made: str | None) -> Change:
        version = request.get("VersionId") or made
        found = self.version(request["Bucket"], request["Key"], version)
        version = "" if found is None or found.version_id == _NO_VERSION else str(found.version_id)
        size, etag = (None, "") if found is None else (found.size, found.etag.strip('"'))
        return Change(event, request["Key"], reason, version, size, etag)

    def _removed(self, bucket: str, doomed: Doomed) -> Change | None:
        if doomed.version is not None:
            return Change(_DELETED, doomed.key, "DeleteObject", doomed.version) if doomed.exists else None
        latest = self._bucket(bucket).keys.get(doomed.key)
        if isinstance(latest, FakeDeleteMarker):
            return Change(_MARKED, doomed.key, "DeleteObject", str(latest.version_id))
        return Change(_DELETED, doomed.key, "DeleteObject") if doomed.exists else None

    def _doomed(self, bucket: str, key: str, version: str | None) -> Doomed:
        kept = self._bucket(bucket)
        versions = kept.keys.getlist(key) or [] if kept is not None else []
        wanted = [one for one in versions if version is None or str(one.version_id) == version]
        return Doomed(key, version, bool(wanted))

    def version(self, bucket: str, key: str, version: str | None) -> Any:
        """Return what moto keeps of a version of an object, by default of the current one; None if there is none."""
        versions = [one for one in self._bucket(bucket).keys.getlist(key) or [] if isinstance(one, FakeKey)]
        wanted = [one for one in versions if version is None or str(one.version_id) == version]
        return wanted[-1] if wanted else None

    def _bucket(self, name: str) -> Any:
        return s3_backends[self._clients.account][partition(self._clients.region)].buckets.get(name)
