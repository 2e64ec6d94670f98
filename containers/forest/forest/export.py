"""From scikit-learn to ONNX, and the proof that both say the same."""

import numpy as np
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.pipeline import Pipeline

from forest.dataset import Features
from forest.errors import TrainingError
from forest.model import table_of
from forest.predictor import Predictor

# ONNX adds the trees up in 32 bits: about 1e-6 of relative difference is rounding, more is another answer.
TOLERANCE = 1e-5


def to_onnx(pipeline: Pipeline, features: Features, problem: str) -> bytes:
    """Convert the fitted pipeline; the same pipeline always gives the same bytes."""
    inputs = [
        ("numbers", FloatTensorType([None, features.numbers.shape[1]])),
        ("strings", StringTensorType([None, features.strings.shape[1]])),
    ]
    model = convert_sklearn(
        pipeline,
        name="forest",  # without one, skl2onnx draws a random name
        initial_types=[(name, kind) for name, kind in inputs if kind.shape[1]],
        options=None if problem == "regression" else {"zipmap": False},
    )
    operator_sets = sorted(model.opset_import, key=lambda each: each.domain)  # they come out of a set
    del model.opset_import[:]
    model.opset_import.extend(operator_sets)
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def check_agreement(pipeline: Pipeline, predictor: Predictor, features: Features, problem: str) -> None:
    """Compare both models on every row.

    Raises:
        TrainingError: they differ by more than rounding.
    """
    # In one thread: scikit-learn adds its trees up in the order in which the threads end.
    pipeline.named_steps["forest"].set_params(n_jobs=1)
    table = table_of(features)
    if problem == "regression":
        expected, found = pipeline.predict(table), predictor.predict(features)
        allowed = TOLERANCE * np.maximum(np.abs(expected), np.abs(expected).mean())
    else:
        expected, found = pipeline.predict_proba(table), predictor.probabilities(features)
        allowed = np.float64(TOLERANCE)
    wrong = ~(np.abs(expected - found) <= allowed)
    if wrong.any():
        raise TrainingError(
            f"Report this with the data: the ONNX model differs from scikit-learn on {int(wrong.sum()):,} of"
            f" {len(expected):,} held-out values, by up to {np.abs(expected - found).max():.6g}. It was not saved."
        )
