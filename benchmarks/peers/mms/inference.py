# mypy: ignore-errors
"""The model as sagemaker-inference runs it."""

import os
from pathlib import Path

from scoring import Scorer


def model_fn(_model_dir):
    """Load it."""
    return Scorer(Path(os.environ["MODEL"]))


def transform_fn(model, input_data, _content_type, _accept):
    """Answer."""
    return model(input_data)
