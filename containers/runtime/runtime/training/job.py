"""What a container's `fit` is given: the rows, the hyperparameters, and where its work goes."""

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from runtime.columns import Column
from runtime.manifest import Manifest
from runtime.model import Model
from runtime.training import artefact
from runtime.training.checkpoints import Checkpoints
from runtime.training.dataset import Dataset
from runtime.training.disk import slices
from runtime.training.hyperparameters import Hyperparameters
from runtime.training.progress import Progress
from runtime.training.rows import Rows
from runtime.training.stopping import Stopping


@dataclass(frozen=True)
class Job:
    """A training job whose data are known to be good.

    Attributes:
        problem: `regression`, `binary` or `multiclass`.
        columns: what the model reads, in the order of a request's row without names.
        labels: a classifier's labels, sorted; the last of two is the positive one. None in a regression.
        learnt: the rows to learn from.
        judged: the rows to judge by; none if they are elsewhere.
        values: the container's own hyperparameters.
        checkpoints: what is kept of the work.
        progress: to be called with the share of the work that is done, often, and always after what is to be kept was
            kept: it does not return if the job is being stopped.
    """

    problem: str
    columns: tuple[Column, ...]
    labels: tuple[str, ...]
    learnt: Rows
    judged: Rows
    values: Mapping[str, Any]
    checkpoints: Checkpoints
    progress: Progress
    dataset: Dataset
    manifest: Manifest
    folder: Path

    @property
    def categories(self) -> tuple[tuple[str, ...], ...]:
        """The texts of each category column that the training part has, sorted: what `Rows.codes` are the places in."""
        return tuple(column.known for column in self.learnt.texts)

    def save(self, files: Mapping[str, bytes], load: Callable[[Path], Model]) -> dict[str, float]:
        """Write the model's files with the manifest, and judge them, as `load` loads them to be served.

        Returns the metrics and the numbers of rows; if there are no rows to judge by, only how many were learnt from.
        """
        return artefact.save(self.folder, files, load, self.manifest, self.dataset)


def make_job(
    base: Path, hyperparameters: Hyperparameters, dataset: Dataset, stopping: Stopping, libraries: Sequence[str]
) -> Job:
    """Put together what `fit` is given."""
    versions = {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in libraries}
    manifest = Manifest(
        problem=hyperparameters.problem,
        target=hyperparameters.target,
        columns=dataset.columns,
        labels=dataset.labels,
        hyperparameters=dict(hyperparameters.own),
        split=asdict(hyperparameters.split),
        versions=versions,
        non_finite=hyperparameters.non_finite,
    )
    folder = base / "checkpoints"
    kept = folder if folder.is_dir() else None
    stopping.patient = kept is not None
    return Job(
        problem=hyperparameters.problem,
        columns=dataset.columns,
        labels=dataset.labels,
        learnt=dataset.learnt,
        judged=dataset.judged,
        values=hyperparameters.own,
        checkpoints=Checkpoints(kept, _key(manifest, dataset) if kept else "", stopping.asked),
        progress=Progress(stopping.asked),
        dataset=dataset,
        manifest=manifest,
        folder=base / "model",
    )


def _key(manifest: Manifest, dataset: Dataset) -> str:
    """Hash everything that the model depends on."""
    categories = [column.known for column in dataset.learnt.texts]
    digest = hashlib.sha256(json.dumps([asdict(manifest), categories]).encode())
    for part in (dataset.learnt, dataset.judged):
        for rows in slices(len(part)):
            for array in (part.numbers, part.codes, part.target):
                digest.update(array[rows].tobytes())
    return digest.hexdigest()
