"""The model artefact: the model's files with their manifest, complete or not there at all."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runtime.manifest import FILE, Manifest
from runtime.model import Model
from runtime.training import metrics
from runtime.training.dataset import Dataset


def save(
    folder: Path, files: Mapping[str, bytes], load: Callable[[Path], Model], manifest: Manifest, dataset: Dataset
) -> dict[str, float]:
    """Write the files and the manifest to the folder, once the model has been loaded and judged.

    Returns the metrics and the numbers of rows.
    """
    rows = {"rows_train": len(dataset.learnt)} | ({"rows_test": len(dataset.judged)} if len(dataset.judged) else {})
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    manifest = replace(manifest, rows=rows, files=hashes)
    with tempfile.TemporaryDirectory() as name:
        draft = Path(name)
        for file, content in files.items():
            (draft / file).write_bytes(content)
        manifest.write(draft)
        found = judge(load(draft), dataset, manifest.problem) if len(dataset.judged) else {}
        replace(manifest, metrics=found).write(draft)
        folder.mkdir(parents=True, exist_ok=True)
        for file in (*files, FILE):  # the manifest last: without it, it is no model
            shutil.move(draft / file, folder / file)
    return found | rows


def judge(model: Model, dataset: Dataset, problem: str) -> dict[str, float]:
    """Compute the problem's metrics of what the model says of the rows to judge by."""
    values: list[NDArray[Any]] = []
    scores: list[NDArray[np.float32]] = []
    codes = {label: code for code, label in enumerate(dataset.all_labels)}
    for _, batch in dataset.judged.batches():
        predictions = model.predict(batch)
        if problem == "regression":
            values.append(np.asarray(predictions.values))
        else:
            values.append(np.array([codes[label] for label in predictions.values], np.int32))
        if problem == "binary" and predictions.probabilities is not None:
            scores.append(predictions.probabilities[:, 1])
    truth, said = dataset.judged.target, np.concatenate(values)
    if problem == "regression":
        return metrics.regression(truth, said)
    if problem == "binary":
        return metrics.binary(truth, said, np.concatenate(scores) if scores else said)
    return metrics.multiclass(truth, said, dataset.all_labels)
