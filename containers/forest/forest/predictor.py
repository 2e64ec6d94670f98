"""The ONNX model, ready to predict: what `train` checks is what `serve` answers with."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from forest.dataset import Features
from forest.errors import ModelError
from forest.manifest import Manifest, read_manifest

FILE = "model.onnx"


class Predictor:
    """An inference session on one thread; safe to call from many.

    `predict` gives values (float32) in a regression, and labels (text) in a classification.
    """

    def __init__(self, model: bytes) -> None:
        options = ort.SessionOptions()
        # More threads would gain nothing on a row or a small batch, and fight each other on a busy machine.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._inputs = {each.name for each in self._session.get_inputs()}

    def predict(self, features: Features) -> NDArray[np.float32] | NDArray[np.object_]:
        """Predict each row."""
        return self._run(features)[0].ravel()

    def probabilities(self, features: Features) -> NDArray[np.float32]:
        """Return a classifier's probabilities [rows, labels], in the order of the manifest's labels."""
        return self._run(features)[1]

    def both(self, features: Features) -> tuple[NDArray[Any], NDArray[np.float32] | None]:
        """Predict each row, with a classifier's probabilities beside it."""
        outputs = self._run(features)
        return outputs[0].ravel(), outputs[1] if len(outputs) > 1 else None

    def _run(self, features: Features) -> list[NDArray[Any]]:
        given = {"numbers": features.numbers, "strings": features.strings}
        outputs: list[NDArray[Any]] = self._session.run(None, {name: given[name] for name in self._inputs})
        return outputs


def load(folder: Path) -> tuple[Predictor, Manifest]:
    """Load the model that the manifest describes.

    Raises:
        ModelError: a file is missing, or the model is not the one that was trained.
    """
    manifest = read_manifest(folder)
    path = folder / FILE
    if not path.is_file():
        raise ModelError(f"Deploy what `train` wrote: {path} is missing.")
    model = path.read_bytes()
    found = hashlib.sha256(model).hexdigest()
    if found != manifest.model_sha256:
        raise ModelError(f"Train again: {path} has the SHA-256 {found}, and its manifest says {manifest.model_sha256}.")
    return Predictor(model), manifest
