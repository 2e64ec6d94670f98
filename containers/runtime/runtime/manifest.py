"""What travels beside the model: how to read rows for it, how good it is, what made it, the hashes of its files."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from runtime.columns import Column
from runtime.errors import ModelError

FILE = "manifest.json"
HASH = "manifest_sha256"  # of everything else in it
NAME_LENGTH = 12


@dataclass(frozen=True)
class Manifest:
    """The model's description.

    `labels` are a classifier's, sorted, the last of two being the positive one; `hyperparameters` are the container's
    own; `files` maps each file of the model to its SHA-256; `non_finite` is what the model does with NaN and infinity.
    """

    problem: str
    target: str
    columns: tuple[Column, ...]
    labels: tuple[str, ...]
    hyperparameters: Mapping[str, Any]
    split: Mapping[str, Any]
    versions: Mapping[str, str]
    non_finite: Literal["refuse", "missing"]
    metrics: Mapping[str, float] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """A short name of the model, from its files' hashes."""
        hashes = "".join(self.files[file] for file in sorted(self.files))
        return (hashes if len(self.files) == 1 else hashlib.sha256(hashes.encode()).hexdigest())[:NAME_LENGTH]

    def write(self, folder: Path) -> None:
        """Write `manifest.json` into the model's folder."""
        values = asdict(self)
        signed = {**values, HASH: _hash(values)}
        (folder / FILE).write_text(json.dumps(signed, indent=2, ensure_ascii=False) + "\n", "utf-8")

    def read(self, folder: Path, file: str) -> bytes:
        """Read one of the model's files.

        Raises:
            ModelError: it is missing, or not the one that was trained.
        """
        path = folder / file
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ModelError(f"Deploy what `train` wrote: {path} is missing.") from error
        found = hashlib.sha256(content).hexdigest()
        if found != self.files.get(file):
            raise ModelError(
                f"Train again: {path} has the SHA-256 {found}, and its manifest says {self.files.get(file)}."
            )
        return content


def read_manifest(folder: Path) -> Manifest:
    """Read `manifest.json` from the model's folder.

    Raises:
        ModelError: there is none, or it is not one that `train` wrote.
    """
    path = folder / FILE
    try:
        values = json.loads(path.read_text("utf-8"))
        unchanged = values.pop(HASH) == _hash(values)
        columns = tuple(Column(**column) for column in values.pop("columns"))
        manifest = Manifest(columns=columns, labels=tuple(values.pop("labels")), **values)
        hashes = [*manifest.files.values()]
    except FileNotFoundError as error:
        raise ModelError(f"Deploy what `train` wrote: {path} is missing.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(f"Train again: {path} is not a manifest of this container ({error!r}).") from error
    if not unchanged:
        raise ModelError(f"Train again: {path} was changed after `train` had written it.")
    if not hashes or not all(isinstance(each, str) for each in hashes):
        raise ModelError(f"Train again: {path} is not a manifest of this container (no hashes of files).")
    return manifest


def _hash(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
