"""Checkpoints: what a training job keeps of its work, to go on from after an interruption.

SageMaker keeps `/opt/ml/checkpoints` in S3 all the while, and brings it back when the job starts again
(https://docs.aws.amazon.com/sagemaker/latest/dg/model-checkpoints.html). A job without that folder keeps none.
"""

import hashlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

SUFFIX = ".checkpoint"
KEY_LENGTH = 16
# A checkpoint is due a moment after the last one, or a fiftieth of the time that the job has taken: so they take little
# of it, and an interruption costs little of it.
FIRST_SECONDS = 0.2
LATER = 1 / 50


class Checkpoints:
    """Named pieces of a job's work, each written whole or not at all.

    They belong to the `key`: the same data, hyperparameters and versions. Those of another key are not looked at.
    """

    def __init__(self, folder: Path | None, key: str, stopping: Callable[[], bool]) -> None:
        self._folder, self._key, self._stopping = folder, key[:KEY_LENGTH], stopping
        self._begun = self._last = time.monotonic()
        if folder is not None and (others := self._others(folder)):
            _say(f"Checkpoints that are not used, of other data, hyperparameters or versions: {others:,}.")

    @property
    def due(self) -> bool:
        """Whether what there is should be saved now: it has been a while, or the job is being stopped."""
        if self._folder is None:
            return False
        now = time.monotonic()
        return self._stopping() or now - self._last >= max(FIRST_SECONDS, LATER * (now - self._begun))

    def names(self) -> list[str]:
        """Return the names of what was saved, sorted; a piece may still turn out to be damaged."""
        if self._folder is None:
            return []
        prefix = f"{self._key}-"
        files = self._folder.glob(f"{prefix}*{SUFFIX}")
        return sorted(file.name.removeprefix(prefix).removesuffix(SUFFIX) for file in files)

    def save(self, name: str, content: bytes) -> None:
        """Save a piece, in place of what had its name before. One that cannot be written is told and gone without."""
        if self._folder is None:
            return
        self._last = time.monotonic()
        path = self._path(self._folder, name)
        partial = path.with_suffix(".partial")
        try:
            # Not forced to the disk: a file that a power cut has torn is told by its hash.
            partial.write_bytes(self._digest(name, content) + content)
            partial.replace(path)
        except OSError as error:
            _say(f"No checkpoint could be written: {error}.")

    def load(self, name: str) -> bytes | None:
        """Return a piece; nothing if there is none, or if it is not what was saved."""
        if self._folder is None:
            return None
        path = self._path(self._folder, name)
        try:
            written = path.read_bytes()
        except OSError:
            return None
        size = hashlib.sha256().digest_size
        if written[:size] != self._digest(name, written[size:]):
            _say(f"The checkpoint {path.name} is damaged, and not used.")
            return None
        return written[size:]

    def _path(self, folder: Path, name: str) -> Path:
        return folder / f"{self._key}-{name}{SUFFIX}"

    def _digest(self, name: str, content: bytes) -> bytes:
        return hashlib.sha256(f"{self._key}-{name}\n".encode() + content).digest()

    def _others(self, folder: Path) -> int:
        return sum(not path.name.startswith(f"{self._key}-") for path in folder.glob(f"*{SUFFIX}"))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
