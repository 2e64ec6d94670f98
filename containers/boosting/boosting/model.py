"""LightGBM's model, ready to predict: what `train` judges is what `serve` answers with."""

from pathlib import Path

import numpy as np

from boosting.encoding import Encoding, from_bytes
from boosting.library import Booster
from runtime.columns import Features
from runtime.manifest import Manifest, read_manifest
from runtime.model import Predictions

MODEL, CATEGORIES = "model.txt", "categories.json"
ONE = 1


class Boosting:
    """A trained model, as the runtime serves it: on one thread."""

    def __init__(self, text: str, encoding: Encoding, manifest: Manifest) -> None:
        self.columns, self.labels, self.name = manifest.columns, manifest.labels, manifest.name
        self.non_finite = manifest.non_finite
        self._encoding, self._booster = encoding, Booster(model_str=text)
        self._labels = np.array(self.labels, object)

    def predict(self, batch: Features) -> Predictions:
        """Predict each row."""
        said = np.asarray(self._booster.predict(self._encoding.encode(batch), num_threads=1), np.float32)
        if not self.labels:
            return Predictions(said)
        probabilities = said if said.ndim > ONE else np.column_stack([ONE - said, said])
        return Predictions(self._labels[probabilities.argmax(axis=1)], probabilities)


def load(folder: Path) -> Boosting:
    """Load the model that the manifest describes.

    Raises:
        ModelError: a file is missing, or the model is not the one that was trained.
    """
    manifest = read_manifest(folder)
    encoding, text = from_bytes(manifest.read(folder, CATEGORIES)), manifest.read(folder, MODEL).decode()
    return Boosting(text, encoding, manifest)
