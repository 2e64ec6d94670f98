"""Rows as LightGBM reads them: numbers, then categories as numbers; NaN is what is missing or was never seen."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from runtime.columns import Features


@dataclass(frozen=True)
class Encoding:
    """A category is its place among the sorted ones of its column; an empty one is missing, as an empty number is."""

    categories: tuple[tuple[str, ...], ...]

    @cached_property
    def _codes(self) -> list[dict[str, float]]:
        return [{text: float(code) for code, text in enumerate(texts) if text} for texts in self.categories]

    def encode(self, rows: Features) -> NDArray[np.float32]:
        """Return rows [rows, columns]."""
        if not self.categories:
            return rows.numbers
        numbers = rows.numbers.shape[1]
        encoded = np.empty((len(rows.numbers), numbers + len(self.categories)), np.float32)
        encoded[:, :numbers] = rows.numbers
        for place, codes in enumerate(self._codes):
            encoded[:, numbers + place] = [codes.get(text, math.nan) for text in rows.strings[:, place]]
        return encoded

    def to_bytes(self) -> bytes:
        """Write the categories."""
        return json.dumps(self.categories, ensure_ascii=False).encode()


def from_bytes(content: bytes) -> Encoding:
    """Read what `to_bytes` wrote."""
    texts: Sequence[Sequence[str]] = json.loads(content)
    return Encoding(tuple(map(tuple, texts)))
