"""The proof that the ONNX model says what the network says."""

from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from network.encoding import Encoding
from network.layers import Network
from runtime.onnx_model import Session
from runtime.training import Job, Rows, agreement


def check_agreement(job: Job, encoding: Encoding, network: Network, model: Session) -> None:
    """Compare what ONNX and PyTorch say.

    A regression's predictions are compared in standard deviations of the target, or as shares of what they are where
    that is more.

    Raises:
        TrainingError: they differ by more than rounding.
    """
    agreement.check_agreement(
        job,
        model.predict,
        partial(_expected, job, encoding, network),
        size=lambda expected: np.maximum(np.abs(expected), encoding.target.deviation),
        library="PyTorch",
    )


def _expected(job: Job, encoding: Encoding, network: Network, rows: Rows, part: slice) -> NDArray[np.floating]:
    """Return the predictions or the probabilities [rows, outputs]."""
    with torch.inference_mode():
        answers = network(torch.from_numpy(encoding.numbers(rows, part)), torch.from_numpy(encoding.codes(rows, part)))
        found: NDArray[np.floating] = (torch.softmax(answers, dim=1) if job.labels else answers).numpy()
    return found if job.labels else found * encoding.target.deviation + encoding.target.mean
