"""What the programs ask of a model."""

from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from runtime.columns import Column, Features


class Predictions(NamedTuple):
    """What a model says of each row.

    `values` are float32 [rows] in a regression and labels, object [rows], in a classification; `probabilities` are a
    classifier's, float32 [rows, labels] in the order of the model's labels.
    """

    values: NDArray[np.float32] | NDArray[np.object_]
    probabilities: NDArray[np.float32] | None = None


class Model(Protocol):
    """A model that is ready to predict.

    `columns` are what it reads, in the order of a row without names. `labels` are a classifier's, none in a regression.
    `name` tells this model from others in each answer, such as the beginning of its hash. Of a number that is NaN or
    infinite, `non_finite` says whether a request is refused for it or it counts as missing.

    A model may have `batching = True` as well, if one call of `predict` is dear however few rows it has: requests that
    wait at the same time are then predicted together.
    """

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that it reads."""

    @property
    def labels(self) -> tuple[str, ...]:
        """A classifier's labels."""

    @property
    def name(self) -> str:
        """A short name, the same for the same model."""

    @property
    def non_finite(self) -> Literal["refuse", "missing"]:
        """What becomes of NaN and infinity."""

    def predict(self, batch: Features) -> Predictions:
        """Predict each row, also one of which everything is missing.

        It is called with at most 8,192 rows, from the copies that fork() makes of the process, and while a large
        request is worked on from two threads at once.
        """
