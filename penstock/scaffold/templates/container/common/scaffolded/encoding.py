"""What the weights are multiplied by: learnt from the rows to learn from, and the same in training and in serving."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runtime import Features
from runtime.training import Job


@dataclass(frozen=True)
class Encoder:
    """Turns a row into numbers of one scale: a constant, the numbers, and a 1 for each known category that it has.

    A number that is missing counts as the mean, and a category that is not known as none.
    """

    means: NDArray[np.float64]
    scales: NDArray[np.float64]
    categories: Sequence[Sequence[str]]

    @property
    def width(self) -> int:
        """How many numbers a row becomes."""
        return 1 + len(self.means) + sum(map(len, self.categories))

    def encode(self, batch: Features) -> NDArray[np.float64]:
        """Return the numbers [rows, width]."""
        encoded = np.zeros((len(batch.numbers), self.width))
        encoded[:, 0] = 1
        begin = 1 + len(self.means)
        encoded[:, 1:begin] = np.nan_to_num((batch.numbers - self.means) / self.scales)
        for place, known in enumerate(self.categories):
            columns = {text: begin + code for code, text in enumerate(known)}
            for row, text in enumerate(batch.strings[:, place]):
                if text in columns:
                    encoded[row, columns[text]] = 1
            begin += len(known)
        return encoded

    def as_json(self) -> dict[str, Any]:
        """Return what `from_json` takes."""
        return {"means": self.means.tolist(), "scales": self.scales.tolist(), "categories": self.categories}

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> "Encoder":
        """Return the encoder that was saved."""
        return cls(np.array(saved["means"]), np.array(saved["scales"]), saved["categories"])


def learn_encoder(job: Job) -> Encoder:
    """Learn means, scales and the most frequent categories of each column."""
    numbers = [_mean_and_scale(column) for column in job.learnt.numbers.T]
    columns = enumerate(job.categories)
    categories = [_frequent(known, job.learnt.codes[:, place], job.values["categories"]) for place, known in columns]
    means, scales = zip(*numbers, strict=True) if numbers else ((), ())
    return Encoder(np.array(means), np.array(scales), categories)


def _mean_and_scale(column: NDArray[np.float32]) -> tuple[float, float]:
    values = column[~np.isnan(column)].astype(np.float64)
    if not len(values):
        return 0.0, 1.0
    return float(values.mean()), float(values.std()) or 1.0


def _frequent(known: Sequence[str], codes: NDArray[np.int32], most: int) -> list[str]:
    """Return the categories that most rows have, sorted."""
    counts = np.bincount(codes, minlength=len(known))
    return sorted(known[code] for code in np.argsort(-counts, kind="stable")[:most])
