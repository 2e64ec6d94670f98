"""Train a forest: what the executable `train` runs."""

from collections.abc import Mapping

from forest.hyperparameters import RULES
from runtime import TrainingError, train
from runtime.training import Job

LIBRARIES = ("scikit-learn", "onnx", "onnxruntime", "numpy")


def main() -> int:
    """Run the training job and return the exit code."""
    return train(_fit, RULES, LIBRARIES)


def _fit(job: Job) -> Mapping[str, float]:
    if job.values["learning_rate"] is not None and job.values["algorithm"] != "boosting":
        raise TrainingError("Set algorithm to boosting, or leave learning_rate out: a forest has none.")
    # A second of imports, for which the errors of the data should not have to wait.
    from forest.fitting import fit  # noqa: PLC0415

    return fit(job)
