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
    """A weight for each number that a row is encoded to."""

    columns: tuple[Column, ...]
    name: str
    non_finite: Literal["refuse", "missing"]
    encoder: Encoder
    weights: NDArray[np.float64]
    labels: tuple[str, ...] = ()

    def predict(self, batch: Features) -> Predictions:
        """Predict each row."""
        return Predictions((self.encoder.encode(batch) @ self.weights).astype(np.float32))


def load(folder: Path) -> Model:
    """Load what `train` wrote.

    Raises:
        ModelError: a file is missing, or not the one that was trained.
    """
    manifest = read_manifest(folder)
    saved = json.loads(manifest.read(folder, FILE))
    encoder, weights = Encoder.from_json(saved["encoder"]), np.array(saved["weights"])
    return Model(manifest.columns, manifest.name, manifest.non_finite, encoder, weights)


def to_bytes(encoder: Encoder, weights: NDArray[np.float64]) -> bytes:
    """Return the content of the model's file; the same model gives the same bytes."""
    return json.dumps({"encoder": encoder.as_json(), "weights": weights.tolist()}).encode()
