"""The proof that the ONNX model says what the network says."""

import numpy as np
import torch
from numpy.typing import NDArray

from network.encoding import Encoding
from network.layers import Network
from runtime.errors import TrainingError
from runtime.onnx_model import Session
from runtime.training import Job, Rows

# Both add up in 32 bits, each in an order of its own: about 1e-6 of difference is rounding, more is another answer.
TOLERANCE = 1e-5


def check_agreement(job: Job, encoding: Encoding, network: Network, model: Session) -> None:
    """Compare what ONNX and PyTorch say of every row to judge by, or to learn from if there are none of those.

    A regression's predictions are compared in standard deviations of the target, or as shares of what they are where
    that is more.

    Raises:
        TrainingError: they differ by more than rounding.
    """
    rows = job.judged if len(job.judged) else job.learnt
    wrong, largest = 0, 0.0
    for part, batch in rows.batches():
        expected, predictions = _expected(job, encoding, network, rows, part), model.predict(batch)
        found = predictions.values[:, None] if predictions.probabilities is None else predictions.probabilities
        size = 1.0 if job.labels else np.maximum(np.abs(expected), encoding.target.deviation)
        differences = np.abs(expected - found)
        wrong += int((~(differences <= TOLERANCE * size)).sum())
        largest = max(largest, float(differences.max()))
    if wrong:
        raise TrainingError(
            f"Report this with the data: the ONNX model differs from PyTorch on {wrong:,} of {len(rows):,} rows'"
            f" values, by up to {largest:.6g}. It was not saved."
        )


def _expected(job: Job, encoding: Encoding, network: Network, rows: Rows, part: slice) -> NDArray[np.floating]:
    """Return the predictions or the probabilities [rows, outputs]."""
    with torch.inference_mode():
        answers = network(torch.from_numpy(encoding.numbers(rows, part)), torch.from_numpy(encoding.codes(rows, part)))
        found: NDArray[np.floating] = (torch.softmax(answers, dim=1) if job.labels else answers).numpy()
    return found if job.labels else found * encoding.target.deviation + encoding.target.mean
