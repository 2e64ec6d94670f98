"""What `train` learns, and the hyperparameters that it has beside those of every container."""

from collections.abc import Mapping

import numpy as np

from runtime import TrainingError
from runtime.training import Job, Rule, real, whole

from .encoding import learn_encoder
from .model import FILE, load, to_bytes

LIBRARIES = ("numpy",)  # the manifest names their versions
RULES = {
    "alpha": Rule(real(0.001, 1e9), "a number from 0.001", default=1.0),
    "categories": Rule(whole(1), "a whole number from 1", default=50),
}


def fit(job: Job) -> Mapping[str, float]:
    """Fit by least squares, with `alpha` times the squared weights added; the rows are read in parts."""
    if job.problem != "regression":
        raise TrainingError(f"Train another container, or set `problem` to regression: it is {job.problem}.")
    encoder = learn_encoder(job)
    products = np.eye(encoder.width) * job.values["alpha"]
    products[0, 0] = 1e-9  # the constant is not held down
    sums = np.zeros(encoder.width)
    for rows, batch in job.learnt.batches():
        encoded = encoder.encode(batch)
        products += encoded.T @ encoded
        sums += encoded.T @ job.learnt.target[rows]
        job.progress(rows.stop / len(job.learnt))
    weights = np.linalg.solve(products, sums)
    return job.save({FILE: to_bytes(encoder, weights)}, load)
