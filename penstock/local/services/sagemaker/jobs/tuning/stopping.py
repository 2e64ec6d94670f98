"""Which training jobs are stopped early, by the values of the objective that they have printed so far.

A job's values come in the order of its epochs, and lower ones are better.
"""

import statistics
from abc import ABC, abstractmethod
from collections.abc import Sequence

_FEWEST = 3  # training jobs to compare with
_REDUCTION = 3  # one in so many goes on from each rung
Values = Sequence[float]


class Stopping(ABC):
    """A rule."""

    @abstractmethod
    def stops(self, own: Values, completed: Sequence[Values], running: Sequence[Values]) -> bool:
        """Is a training job to be stopped, given its values, and those of others that have completed or run?"""


class MedianStopping(Stopping):
    """Worse than the median of the former jobs' running averages at the same epoch.

    https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-early-stopping.html
    """

    def stops(self, own: Values, completed: Sequence[Values], running: Sequence[Values]) -> bool:  # noqa: ARG002
        """Compare the job's last value."""
        epochs = len(own)
        if not epochs:
            return False
        averages = [statistics.fmean(values[:epochs]) for values in completed if len(values) >= epochs]
        return len(averages) >= _FEWEST and own[-1] > statistics.median(averages)


class Hyperband(Stopping):
    """Successive halving as jobs come: at each rung the best third goes on, to `most` epochs.

    https://arxiv.org/abs/1810.05934
    """

    def __init__(self, least: int, most: int) -> None:
        self._most = most
        self._rungs = [least]
        while self._rungs[-1] * _REDUCTION < most:
            self._rungs.append(self._rungs[-1] * _REDUCTION)

    def stops(self, own: Values, completed: Sequence[Values], running: Sequence[Values]) -> bool:
        """Compare the job at the last rung that it has reached."""
        if len(own) >= self._most:
            return True
        rung = max((rung for rung in self._rungs if rung <= len(own)), default=None)
        if rung is None:
            return False
        others = [values[rung - 1] for values in [*completed, *running] if len(values) >= rung]
        better = sum(value < own[rung - 1] for value in others)
        return len(others) >= _FEWEST and better >= (len(others) + 1) / _REDUCTION
