"""Requests that wait at the same time, predicted together: for models whose call is dear, however few rows it has."""

import asyncio
from collections.abc import Callable

import numpy as np

from runtime.columns import Features
from runtime.model import Predictions


class Batching:
    """Joins what is asked for while the model is busy: nobody waits for somebody who may not come."""

    def __init__(self, predict: Callable[[Features], Predictions]) -> None:
        self._predict = predict
        self._waiting: list[tuple[Features, asyncio.Future[Predictions]]] = []
        self._task: asyncio.Task[None] | None = None

    async def predict(self, features: Features) -> Predictions:
        """Predict rows, with those of the others."""
        future: asyncio.Future[Predictions] = asyncio.get_running_loop().create_future()
        self._waiting.append((features, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            try:
                together = await asyncio.to_thread(self._predict, _joined([features for features, _ in waiting]))
            except Exception as error:  # each request answers for it
                for _, future in waiting:
                    if not future.done():
                        future.set_exception(error)
                continue
            start = 0
            for features, future in waiting:
                end = start + len(features.numbers)
                if not future.done():  # its client may have left
                    future.set_result(_part(together, slice(start, end)))
                start = end


def _joined(parts: list[Features]) -> Features:
    return Features(np.concatenate([part.numbers for part in parts]), np.concatenate([part.strings for part in parts]))


def _part(predictions: Predictions, rows: slice) -> Predictions:
    probabilities = predictions.probabilities
    return Predictions(predictions.values[rows], None if probabilities is None else probabilities[rows])
