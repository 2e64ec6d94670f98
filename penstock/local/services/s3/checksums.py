"""A copy has a checksum of its own, of the same kind as its source's.

moto gives it the source's: of an object that was uploaded in parts that is one of the parts' checksums, and no client
that checks it could read the copy.
"""

from moto.s3.utils import compute_checksum
from werkzeug.wrappers import Response

from penstock.local.clients import Clients
from penstock.local.gateway.overlay import Overlay
from penstock.local.gateway.requests import Call
from penstock.local.service import Caller
from penstock.local.services.s3.changes import Objects


class Checksums(Overlay):
    """Computes the checksums of copies."""

    def __init__(self, clients: Clients) -> None:
        self._objects = Objects(clients)

    def done(self, call: Call, caller: Caller, response: Response) -> None:  # noqa: ARG002
        """Compute a copy's checksum where its source was uploaded in parts."""
        if call.operation.name != "CopyObject":
            return
        version = response.headers.get("x-amz-version-id")
        copied = self._objects.version(call.parameters["Bucket"], call.parameters["Key"], version)
        if copied is not None and copied.checksum_value and copied.multipart is not None:
            copied.checksum_value = compute_checksum(copied.value, copied.checksum_algorithm).decode()
