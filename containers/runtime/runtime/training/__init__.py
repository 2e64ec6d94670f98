"""The training program: everything but the fitting.

A container's `train` is `sys.exit(train(fit, RULES))`; `fit` gets a `Job`, writes the model by `job.save` and returns
what that returns.
"""

from runtime.training.checkpoints import Checkpoints
from runtime.training.hyperparameters import Rule, one_of, real, whole
from runtime.training.job import Job
from runtime.training.program import train
from runtime.training.rows import Rows

__all__ = ["Checkpoints", "Job", "Rows", "Rule", "one_of", "real", "train", "whole"]
