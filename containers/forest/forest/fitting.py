"""Fit, convert, check, evaluate, save: the part of a training job that begins once the data are known to be good."""

import hashlib
import importlib.metadata
import platform
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forest import predictor as served
from forest.dataset import Dataset
from forest.export import check_agreement, to_onnx
from forest.hyperparameters import Hyperparameters
from forest.manifest import Manifest
from forest.metrics import evaluate
from forest.model import fit

LIBRARIES = ("scikit-learn", "skl2onnx", "onnx", "onnxruntime", "numpy")


def fit_and_save(
    folder: Path,
    dataset: Dataset,
    mask: NDArray[np.bool_],
    labels: tuple[str, ...],
    hyperparameters: Hyperparameters,
) -> dict[str, float]:
    """Fit on the rows that the mask leaves, judge on those that it selects, and write the model's folder.

    Returns the metrics and the numbers of rows; if the mask selects none, only how many the model learnt from.

    Raises:
        TrainingError: the ONNX model does not say what scikit-learn says; nothing is written then.
    """
    problem = hyperparameters.problem
    pipeline = fit(dataset.features.part(~mask), dataset.target[~mask], hyperparameters)
    model = to_onnx(pipeline, dataset.features, problem)
    predictor = served.Predictor(model)
    check_agreement(pipeline, predictor, dataset.features.part(mask if mask.any() else ~mask), problem)
    metrics, rows = {}, {"rows_train": int((~mask).sum())}
    if mask.any():
        metrics = evaluate(predictor, dataset.features.part(mask), dataset.target[mask], labels, problem)
        rows["rows_test"] = int(mask.sum())
    manifest = Manifest(
        problem=problem,
        target=hyperparameters.target,
        columns=dataset.columns,
        labels=labels,
        metrics=metrics,
        rows=rows,
        forest=asdict(hyperparameters.forest),
        split=asdict(hyperparameters.split),
        versions={"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in LIBRARIES},
        model_sha256=hashlib.sha256(model).hexdigest(),
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / served.FILE).write_bytes(model)
    manifest.write(folder)
    return metrics | rows
