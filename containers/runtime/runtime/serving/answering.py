"""From the body of a request to the body of its answer."""

import asyncio
from typing import NamedTuple

import numpy as np

from runtime.columns import Features
from runtime.model import Model, Predictions
from runtime.serving.batching import Batching
from runtime.serving.formats import FORMATS
from runtime.serving.media import MediaType
from runtime.serving.memory import Memory
from runtime.serving.schema import Schema

LARGE_BODY = 64 * 1024
PACKED = "application/x-parquet"  # a kilobyte of it may be a million rows
ROWS_AT_ONCE = 8192


class Content(NamedTuple):
    """The body of an answer, and how many rows it is about."""

    body: bytes
    rows: int


class Answering:
    """A model with the formats around it."""

    def __init__(self, model: Model, max_cells: int) -> None:
        self._model = model
        self._schema = Schema(model, max_cells)
        self._one_at_a_time = asyncio.Lock()
        self._memory = Memory()
        self._batching = Batching(self._predict) if getattr(model, "batching", False) else None

    def try_out(self) -> None:
        """Predict a row of which everything is missing: whoever can do that can serve."""
        self._predict(_missing(self._schema))

    async def ping(self) -> None:
        """Predict such a row in turn with what else is to be predicted."""
        if self._batching is None:
            self.try_out()
        else:
            await self._batching.predict(_missing(self._schema))

    async def answer(self, body: bytes, media: MediaType, accept: str) -> Content:
        """Read rows, predict them, and write the answer.

        Raises:
            RequestError: the body is not what its type says, or a row is not one of the model's.
        """
        if len(body) >= LARGE_BODY or media.name == PACKED:
            # In a thread, so that it holds up neither /ping nor the small ones; one by one, for the memory.
            async with self._one_at_a_time:
                try:
                    return await asyncio.to_thread(self._whole, body, media, accept)
                finally:
                    self._memory.was_used()
        if self._batching is None:
            return self._whole(body, media, accept)
        features = FORMATS[media.name].read(body, media.charset, self._schema)
        return self._written(await self._batching.predict(features), accept)

    def _whole(self, body: bytes, media: MediaType, accept: str) -> Content:
        features = FORMATS[media.name].read(body, media.charset, self._schema)
        return self._written(self._predict(features), accept)

    def _written(self, predictions: Predictions, accept: str) -> Content:
        return Content(FORMATS[accept].write(predictions, self._model.labels), len(predictions.values))

    def _predict(self, features: Features) -> Predictions:
        """Predict in pieces, so that the memory that a model takes has a bound."""
        rows = len(features.numbers)
        if rows <= ROWS_AT_ONCE:
            return self._model.predict(features)
        starts = range(0, rows, ROWS_AT_ONCE)
        return joined([self._model.predict(features.part(slice(start, start + ROWS_AT_ONCE))) for start in starts])


def joined(parts: list[Predictions]) -> Predictions:
    """Return predictions one after the other."""
    probabilities = [part.probabilities for part in parts if part.probabilities is not None]
    return Predictions(
        np.concatenate([part.values for part in parts]), np.concatenate(probabilities) if probabilities else None
    )


def _missing(schema: Schema) -> Features:
    kinds = [column.kind for column in schema.columns]
    numbers = np.full((1, kinds.count("number")), np.nan, np.float32)
    return Features(numbers, np.full((1, kinds.count("category")), "", object))
