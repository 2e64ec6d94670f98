"""The model as it is served: what `load` returns, and what its `predict` answers."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from runtime import Column, Features, Predictions
from runtime.manifest import read_manifest

from .encoding import Encoder

FILE = "model.json"


@dataclass(frozen=True)
class Model:
    """Weights [width, labels] for the numbers that a row is encoded to."""

    columns: tuple[Column, ...]
    labels: tuple[str, ...]
    name: str
    non_finite: Literal["refuse", "missing"]
    encoder: Encoder
    weights: NDArray[np.float64]

    def predict(self, batch: Features) -> Predictions:
        """Predict each row: the label that is most probable, and the probability of each."""
        found = probabilities(self.encoder.encode(batch) @ self.weights)
        return Predictions(np.array(self.labels, object)[found.argmax(axis=1)], found.astype(np.float32))


def probabilities(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each row's exponentials, divided by their sum."""
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    divided: NDArray[np.float64] = exponentials / exponentials.sum(axis=1, keepdims=True)
    return divided


def load(folder: Path) -> Model:
    """Load what `train` wrote.

    Raises:
        ModelError: a file is missing, or not the one that was trained.
    """
    manifest = read_manifest(folder)
    saved = json.loads(manifest.read(folder, FILE))
    encoder, weights = Encoder.from_json(saved["encoder"]), np.array(saved["weights"])
    return Model(manifest.columns, manifest.labels, manifest.name, manifest.non_finite, encoder, weights)


def to_bytes(encoder: Encoder, weights: NDArray[np.float64]) -> bytes:
    """Return the content of the model's file; the same model gives the same bytes."""
    return json.dumps({"encoder": encoder.as_json(), "weights": weights.tolist()}).encode()
