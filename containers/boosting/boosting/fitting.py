"""Fit and save: the part of a training job that begins once the data are known to be good."""

from typing import Any

import numpy as np

from boosting.encoding import Encoding
from boosting.library import Dataset
from boosting.model import CATEGORIES, MODEL, load
from boosting.rounds import boost
from runtime.errors import TrainingError
from runtime.training import Job, Rows
from runtime.training.disk import on_disk
from runtime.training.rows import divide

PARAMETERS = "\nparameters:"  # what follows in LightGBM's text: how this job was run, which the manifest says better
NOT_LIGHTGBMS = ("num_iterations", "early_stopping_round")  # the rounds are counted here


def fit(job: Job) -> dict[str, float]:
    """Fit on the rows to learn from, judge on the others, and write the model's folder.

    Returns the metrics and the numbers of rows.

    Raises:
        TrainingError: early stopping has nothing to look at.
    """
    encoding, parameters = Encoding(job.categories), _parameters(job)
    learnt = _dataset(encoding, job.learnt, parameters)
    booster, rounds = boost(job, parameters, learnt, _watched(job, encoding, parameters, learnt))
    text = booster.model_to_string(num_iteration=rounds).partition(PARAMETERS)[0]
    return job.save({MODEL: f"{text}\n".encode(), CATEGORIES: encoding.to_bytes()}, load)


def _parameters(job: Job) -> dict[str, Any]:
    values = {name: value for name, value in job.values.items() if name not in NOT_LIGHTGBMS and value is not None}
    return values | {
        "objective": job.problem,
        "num_class": len(job.labels) if job.problem == "multiclass" else 1,
        "deterministic": True,
        "force_col_wise": True,  # else it measures which is faster, and sums in that order
        "verbosity": -1,
    }


def _dataset(encoding: Encoding, rows: Rows, parameters: dict[str, Any], learnt: Dataset | None = None) -> Dataset:
    numbers, width = rows.numbers.shape[1], rows.numbers.shape[1] + len(encoding.categories)
    encoded = on_disk(np.float32, (len(rows), width))
    for part, batch in rows.batches():
        encoded[part] = encoding.encode(batch)
    return Dataset(
        encoded,
        np.asarray(rows.target),
        reference=learnt,
        categorical_feature=list(range(numbers, width)),
        params=dict(parameters),
    )


def _watched(job: Job, encoding: Encoding, parameters: dict[str, Any], learnt: Dataset) -> Dataset | None:
    """Return the rows that early stopping looks at: those to judge by, but of labels that the model does not have."""
    if not job.values["early_stopping_round"]:
        return None
    rows = divide(job.judged, np.asarray(job.judged.target) < len(job.labels))[1] if job.labels else job.judged
    if not len(rows):
        raise TrainingError("Leave early_stopping_round out, or hold rows out: there are none to judge the rounds by.")
    return _dataset(encoding, rows, parameters, learnt)
