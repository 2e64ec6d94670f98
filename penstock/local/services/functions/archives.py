"""The code that functions come with: fetched, unpacked once, kept as long as the cloud."""

import hashlib
import io
import shutil
import threading
import zipfile
from collections.abc import Set
from pathlib import Path

from botocore.exceptions import ClientError

from penstock.local.clients import Clients
from penstock.local.service import AwsError, JsonObject
from penstock.local.services.functions.configuration import Code


class Archives:
    """Unpacked archives, each in a folder named by its hash."""

    def __init__(self, clients: Clients, folder: Path) -> None:
        self._clients = clients
        self.folder = folder
        self._lock = threading.Lock()

    def code(self, where: JsonObject) -> Code:
        """Return the code that a request points at, or brings along.

        Raises:
            AwsError: InvalidParameterValueException.
        """
        archive = where["ZipFile"] if "ZipFile" in where else self._fetch(where)
        folder = self.folder / hashlib.sha256(archive).hexdigest()[:16]
        with self._lock:
            if not folder.exists():
                self._unpack(archive, folder)
        return Code(sha256=Code.digest(archive), size=len(archive), folder=folder)

    def keep_only(self, folders: Set[Path]) -> None:
        """Remove the archives that no function runs any more."""
        for folder in [*self.folder.iterdir()] if self.folder.exists() else []:
            if folder not in folders:
                shutil.rmtree(folder)

    def _fetch(self, where: JsonObject) -> bytes:
        if not {"S3Bucket", "S3Key"} <= where.keys():
            raise _invalid("Please provide a source for function code: ZipFile, or S3Bucket and S3Key.")
        version = {"VersionId": where["S3ObjectVersion"]} if "S3ObjectVersion" in where else {}
        try:
            answer = self._clients.operator("s3").get_object(Bucket=where["S3Bucket"], Key=where["S3Key"], **version)
        except ClientError as error:
            code, message = (error.response["Error"][key] for key in ("Code", "Message"))
            raise _invalid(
                f"Error occurred while GetObject. S3 Error Code: {code}. S3 Error Message: {message}"
            ) from error
        archive: bytes = answer["Body"].read()
        return archive

    def _unpack(self, archive: bytes, folder: Path) -> None:
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        try:
            zipfile.ZipFile(io.BytesIO(archive)).extractall(partial)
        except zipfile.BadZipFile as error:
            raise _invalid(
                "Could not unzip uploaded file. Please check your file, then try to upload again."
            ) from error
        partial.rename(folder)


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValueException", message)
