"""Fit, convert, check, save: the part of a training job that begins once the data are known to be good."""

from forest import export
from forest.bagging import fit_forest
from forest.boosting import fit_boosting
from forest.encoding import learn_encoding
from runtime.onnx_model import FILE, OnnxModel, Session
from runtime.training import Job


def fit(job: Job) -> dict[str, float]:
    """Fit on the rows to learn from, judge on the others, and write the model's folder.

    Returns the metrics and the numbers of rows.

    Raises:
        TrainingError: the ONNX model does not say what scikit-learn says; nothing is written then.
    """
    encoding = learn_encoding(job.learnt)
    grow = fit_boosting if job.values["algorithm"] == "boosting" else fit_forest
    ensemble = grow(job, encoding.encode_all(job.learnt))
    content = export.to_onnx(encoding, ensemble, job.labels)
    export.check_agreement(job, encoding, ensemble, Session(content))
    return job.save({FILE: content}, OnnxModel)
