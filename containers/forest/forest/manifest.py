"""What travels beside the model: how to read rows for it, how good it was, and what made it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from forest.dataset import Column
from forest.errors import ModelError

FILE = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """The model's description; `labels` are a classifier's classes, sorted, the last of two being the positive one."""

    problem: str
    target: str
    columns: tuple[Column, ...]
    labels: tuple[str, ...]
    metrics: Mapping[str, float]
    rows: Mapping[str, int]
    forest: Mapping[str, Any]
    split: Mapping[str, Any]
    versions: Mapping[str, str]
    model_sha256: str

    def write(self, folder: Path) -> None:
        """Write `manifest.json` into the model's folder."""
        (folder / FILE).write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", "utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read `manifest.json` from the model's folder.

    Raises:
        ModelError: there is none, or it is not one that `train` wrote.
    """
    path = folder / FILE
    try:
        values = json.loads(path.read_text("utf-8"))
        columns = tuple(Column(**column) for column in values.pop("columns"))
        return Manifest(columns=columns, labels=tuple(values.pop("labels")), **values)
    except FileNotFoundError as error:
        raise ModelError(f"Deploy what `train` wrote: {path} is missing.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(f"Train again: {path} is not a manifest of this container ({error!r}).") from error
