"""A model in ONNX, ready to predict; only for containers whose packages have onnxruntime.

Its inputs are `numbers` float [rows, n] and `strings` [rows, m], either of them missing if there is no such column; its
outputs are predictions, or labels and probabilities. What `train` checks is what `serve` answers with.
"""

import os
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

# Read at the import: else it keeps a database in the home folder, reports to its makers, and has a thread at fork().
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime as ort

from runtime.columns import Features
from runtime.manifest import read_manifest
from runtime.model import Predictions

FILE = "model.onnx"


class Session:
    """The model without what is known about it: an inference session on one thread."""

    def __init__(self, content: bytes) -> None:
        options = ort.SessionOptions()
        # More threads would gain nothing on a row or a small batch, and fight each other on a busy machine.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._inputs = [each.name for each in self._session.get_inputs()]

    def predict(self, batch: Features) -> Predictions:
        """Predict each row."""
        given = {"numbers": batch.numbers, "strings": batch.strings}
        outputs: list[NDArray[Any]] = self._session.run(None, {name: given[name] for name in self._inputs})
        return Predictions(outputs[0].ravel(), outputs[1] if len(outputs) > 1 else None)


class OnnxModel(Session):
    """A trained model, as the runtime serves it.

    Raises:
        ModelError: a file is missing, or the model is not the one that was trained.
    """

    def __init__(self, folder: Path) -> None:
        manifest = read_manifest(folder)
        super().__init__(manifest.read(folder, FILE))
        self.columns, self.labels, self.name = manifest.columns, manifest.labels, manifest.name
        self.non_finite = manifest.non_finite
