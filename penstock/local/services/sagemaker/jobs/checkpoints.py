"""Checkpoints of a training job: copied from S3 before it starts, and to S3 while it runs and when it ends.

https://docs.aws.amazon.com/sagemaker/latest/dg/model-checkpoints.html
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.jobs.host import Host
from penstock.local.services.sagemaker.jobs.life import failing_as
from penstock.local.services.sagemaker.s3 import S3Uri, download, keys, upload

_ROOT = "/opt/ml"
_FOLDER = f"{_ROOT}/checkpoints"  # where a job does not say
_LOOK_SECONDS = 1.0


def check_checkpoints(config: JsonObject) -> None:
    """Refuse checkpoints that are not in S3, or that are not below /opt/ml.

    Raises:
        AwsError: ValidationException.
    """
    S3Uri.parse(config["S3Uri"])
    path = config.get("LocalPath", _FOLDER)
    if not path.startswith(f"{_ROOT}/") or ".." in Path(path).parts:
        raise AwsError("ValidationException", f"The local cloud serves checkpoints below {_ROOT}/ only, not in {path}.")


class Checkpoints:
    """The checkpoints of a job; without a configuration there are none."""

    def __init__(self, config: JsonObject | None, hosts: Sequence[Host], s3: Callable[[], Any]) -> None:
        self._target = S3Uri.parse(config["S3Uri"].rstrip("/")) if config else None
        local = (config or {}).get("LocalPath", _FOLDER).removeprefix(f"{_ROOT}/")
        self._folders = [host.base / local for host in hosts]
        self._s3 = s3
        self._sent: dict[Path, tuple[int, int]] = {}  # file → its time and size, when it was copied
        self._looked = 0.0

    def download(self) -> None:
        """Put what is in S3 into the folder of every host."""
        self._sent.clear()
        for folder in self._folders if self._target else ():
            folder.mkdir(parents=True, exist_ok=True)
            prefix = S3Uri(self._bucket, f"{self._key}/")
            for key in keys(self._s3(), prefix):
                file = folder / key.removeprefix(prefix.key)
                download(self._s3(), S3Uri(self._bucket, key), file)
                self._sent[file] = _state(file)

    def look(self) -> None:
        """Copy what is new, if it is time to."""
        if time.monotonic() - self._looked >= _LOOK_SECONDS:
            self.upload()

    def upload(self) -> None:
        """Copy what is new to S3.

        Raises:
            JobError: S3 refuses it.
        """
        self._looked = time.monotonic()
        with failing_as("ClientError: Checkpoint upload failed:"):
            for folder in self._folders if self._target else ():
                for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                    self._send(folder, file)

    def _send(self, folder: Path, file: Path) -> None:
        state = _state(file)
        if self._sent.get(file) != state:
            upload(self._s3(), file, S3Uri(self._bucket, f"{self._key}/{file.relative_to(folder)}"), "")
            self._sent[file] = state

    @property
    def _bucket(self) -> str:
        return self._target.bucket if self._target else ""

    @property
    def _key(self) -> str:
        return self._target.key if self._target else ""


def _state(file: Path) -> tuple[int, int]:
    stat = file.stat()
    return stat.st_mtime_ns, stat.st_size
