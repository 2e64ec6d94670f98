"""What `train` learns, and the hyperparameters that it has beside those of every container."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from runtime import TrainingError
from runtime.training import Job, Rule, real, whole
from runtime.training.disk import on_disk, slices

from .encoding import learn_encoder
from .model import FILE, load, probabilities, to_bytes

LIBRARIES = ("numpy",)  # the manifest names their versions
RULES = {
    "alpha": Rule(real(0, 1e9), "a number from 0", default=1.0),
    "categories": Rule(whole(1), "a whole number from 1", default=50),
    "steps": Rule(whole(1), "a whole number from 1", default=200),
}
CHECKPOINT = "weights"


def fit(job: Job) -> Mapping[str, float]:
    """Fit by accelerated gradient descent (Nesterov), with `alpha` times the squared weights added to the loss."""
    if not job.labels:
        raise TrainingError("Train another container, or set `problem` to binary or multiclass: it is regression.")
    encoder = learn_encoder(job)
    encoded = on_disk(np.float32, (len(job.learnt), encoder.width))
    steepness = job.values["alpha"]
    for rows, batch in job.learnt.batches():
        encoded[rows] = encoder.encode(batch)
        steepness += float(np.square(encoded[rows], dtype=np.float64).sum()) / 2
    size = 1 / steepness  # steps of the inverse of the steepest curvature that there can be
    done, weights, before = _resumed(job, (encoder.width, len(job.labels)))
    while done < job.values["steps"]:
        ahead = weights + done / (done + 3) * (weights - before)
        weights, before = ahead - size * _gradient(job, encoded, ahead), weights
        done += 1
        if job.checkpoints.due:
            job.checkpoints.save(CHECKPOINT, np.concatenate([[done], weights.ravel(), before.ravel()]).tobytes())
        job.progress(done / job.values["steps"])
    return job.save({FILE: to_bytes(encoder, weights)}, load)


def _gradient(job: Job, encoded: NDArray[np.float32], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the gradient of the loss; the rows are read in parts."""
    gradient: NDArray[np.float64] = job.values["alpha"] * weights
    for rows in slices(len(encoded)):
        errors = probabilities(encoded[rows] @ weights)
        errors[np.arange(len(errors)), np.asarray(job.learnt.target[rows], int)] -= 1
        gradient += encoded[rows].T @ errors
    return gradient


def _resumed(job: Job, shape: tuple[int, int]) -> tuple[int, NDArray[np.float64], NDArray[np.float64]]:
    """Return how many steps the checkpoint has done, and its last two weights; zeros if there is none."""
    content = job.checkpoints.load(CHECKPOINT)
    if content is None:
        return 0, np.zeros(shape), np.zeros(shape)
    done, *weights = np.split(np.frombuffer(content), [1, 1 + shape[0] * shape[1]])
    return int(done[0]), weights[0].reshape(shape), weights[1].reshape(shape)
