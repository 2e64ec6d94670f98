"""What the containers' programs have in common: everything but the model.

A container gives `train` a function that fits a model and `serve` one that loads it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from runtime.columns import Column, Features
from runtime.errors import ModelError, RequestError, TrainingError
from runtime.model import Model, Predictions

if TYPE_CHECKING:
    from runtime.serving.program import serve
    from runtime.training import train

__all__ = [
    "Column",
    "Features",
    "Model",
    "ModelError",
    "Predictions",
    "RequestError",
    "TrainingError",
    "serve",
    "train",
]
_PROGRAMS = {"serve": "runtime.serving.program", "train": "runtime.training"}


def __getattr__(name: str) -> Any:
    """Import a program when it is asked for: neither pays for what only the other needs."""
    if name in _PROGRAMS:
        return getattr(import_module(_PROGRAMS[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
