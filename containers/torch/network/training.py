"""Train a network: what the executable `train` runs."""

from collections.abc import Mapping

from network.hyperparameters import RULES
from runtime import train
from runtime.training import Job

LIBRARIES = ("torch", "onnx", "onnxruntime", "numpy")


def main() -> int:
    """Run the training job and return the exit code."""
    return train(_fit, RULES, LIBRARIES)


def _fit(job: Job) -> Mapping[str, float]:
    # A second of imports, for which the errors of the data should not have to wait.
    from network.fitting import fit  # noqa: PLC0415

    return fit(job)
