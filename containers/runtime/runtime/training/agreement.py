"""The proof that the model as it is served says what it said as it was fitted."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runtime.columns import Features
from runtime.errors import TrainingError
from runtime.model import Predictions
from runtime.training.job import Job
from runtime.training.rows import Rows

# Both add up in 32 bits, each in an order of its own: about 1e-6 of difference is rounding, more is another answer.
TOLERANCE = 1e-5

_Answers = NDArray[Any]


def check_agreement(
    job: Job,
    served: Callable[[Features], Predictions],
    fitted: Callable[[Rows, slice], _Answers],
    *,
    size: Callable[[_Answers], _Answers],
    library: str,
) -> None:
    """Compare what both say of every row to judge by, or to learn from if there are none of those.

    `fitted` gives the predictions [rows, 1] or the probabilities [rows, labels]. Probabilities are compared as they
    are; a regression's predictions by their `size`, of the same shape. `library` is what has fitted.

    Raises:
        TrainingError: they differ by more than rounding.
    """
    rows = job.judged if len(job.judged) else job.learnt
    wrong, largest = 0, 0.0
    for part, batch in rows.batches():
        expected, predictions = fitted(rows, part), served(batch)
        found = predictions.values[:, None] if predictions.probabilities is None else predictions.probabilities
        allowed = TOLERANCE * (1.0 if job.labels else size(expected))
        differences = np.abs(expected - found)
        wrong += int((~(differences <= allowed)).sum())
        largest = max(largest, float(differences.max()))
    if wrong:
        raise TrainingError(
            f"Report this with the data: the ONNX model differs from {library} on {wrong:,} of {len(rows):,} rows'"
            f" values, by up to {largest:.6g}. It was not saved."
        )
