"""Epoch after epoch, with checkpoints, until the network gets no better."""

import math
import os
import sys
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from network.encoding import Encoding
from network.layers import Network
from network.state import begin
from runtime.errors import TrainingError
from runtime.training import Job, Rows
from runtime.training.disk import ROWS_AT_ONCE

# Of the rows to learn from, if there is no validation channel: what tells when to stop. Those that the metrics are
# computed on must not, or the metrics would be too good.
HELD_BACK = 0.1
# Of the categories in each batch: hidden, so that the network knows what to make of one that it does not know, and
# relies on no single one.
HIDDEN = 0.1
# The first number of each generator's seed.
_OF_SPLIT, _OF_NETWORK, _OF_ORDER, _OF_BATCH = range(4)


def learn(job: Job, encoding: Encoding) -> Network:
    """Return the network as it was after its best epoch, on the CPU, ready to predict.

    Raises:
        TrainingError: the loss is no number any more.
    """
    # Threads add numbers up in an order of their own: with one, the same job gives the same network.
    torch.set_num_threads(1)
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # without it, CUDA is not deterministic
    torch.set_deterministic_debug_mode("error")  # use_deterministic_algorithms would import a compiler: a second
    return _Learning(job, encoding).run()


class _Learning:
    def __init__(self, job: Job, encoding: Encoding) -> None:
        self._job, self._encoding, self._values = job, encoding, job.values
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(_seed(self._chance(_OF_NETWORK)))
        self._network = Network(
            job.learnt.numbers.shape[1],
            encoding.categories,
            hidden=self._values["hidden_layers"],
            units=self._values["hidden_units"],
            outputs=max(1, len(job.labels)),
            dropout=self._values["dropout"],
        ).to(self._device)
        self._loss = nn.CrossEntropyLoss(reduction="sum") if job.labels else nn.MSELoss(reduction="sum")
        self._state = begin(self._network)
        self._learnt, self._watched, self._watched_rows = self._divided()
        self._batches = math.ceil(len(self._learnt) / self._values["batch_size"])

    def run(self) -> Network:
        self._go_on()
        state, epochs = self._state, self._values["epochs"]
        while state.epoch < epochs and state.epoch - state.best_epoch < self._values["patience"]:
            self._learn_epoch()
            self._judge_epoch()
        self._job.progress(1)
        with torch.no_grad():
            state.parameters.copy_(state.best)
        return self._network.cpu().eval()

    def _learn_epoch(self) -> None:
        state, size = self._state, self._values["batch_size"]
        order = self._chance(_OF_ORDER, state.epoch).permutation(self._learnt)
        self._network.train()
        while state.batch < self._batches:
            self._learn_batch(order[state.batch * size : (state.batch + 1) * size])
            state.batch += 1
            self._keep()

    def _learn_batch(self, rows: NDArray[np.int64]) -> None:
        chance = self._chance(_OF_BATCH, self._state.epoch, self._state.batch)
        torch.manual_seed(_seed(chance))  # for the dropout
        codes = self._encoding.codes(self._job.learnt, rows)
        hidden = chance.random(codes.shape, np.float32) < HIDDEN
        codes = np.where(hidden, np.array(self._encoding.categories, np.int64), codes)
        loss = self._loss_of(self._job.learnt, rows, codes) / len(rows)
        loss.backward()  # type: ignore[no-untyped-call]
        self._state.update(self._values["learning_rate"], self._values["weight_decay"])

    def _judge_epoch(self) -> None:
        """Take note of how good the network is after an epoch."""
        state, rows = self._state, self._watched
        self._network.eval()
        total = 0.0
        with torch.inference_mode():
            for part in _parts(self._watched_rows):
                total += float(self._loss_of(rows, part, self._encoding.codes(rows, part)))
                self._keep()
        loss = total / len(self._watched_rows)
        if not math.isfinite(loss):
            raise TrainingError(f"Lower the learning_rate: in epoch {state.epoch + 1} the loss became {loss}.")
        sys.stdout.write(f"metric validation_loss={loss:.10g};\n")
        state.epoch, state.batch = state.epoch + 1, 0
        if loss < state.best_loss:
            state.best_loss, state.best_epoch = loss, state.epoch
            state.best.copy_(state.parameters)
        self._keep()

    def _loss_of(self, rows: Rows, index: NDArray[np.int64], codes: NDArray[np.int64]) -> Tensor:
        answers = self._network(self._tensor(self._encoding.numbers(rows, index)), self._tensor(codes))
        target = rows.target[index]
        if self._job.labels:
            loss: Tensor = self._loss(answers, self._tensor(target.astype(np.int64)))
        else:
            loss = self._loss(answers[:, 0], self._tensor(self._encoding.target.standardise(target)))
        return loss

    def _tensor(self, array: NDArray[np.generic]) -> Tensor:
        return torch.from_numpy(array).to(self._device)

    def _divided(self) -> tuple[NDArray[np.int64], Rows, NDArray[np.int64]]:
        """Return which rows to learn from, and by which rows of what to tell when to stop."""
        learnt, judged = np.arange(len(self._job.learnt)), self._job.judged
        if self._job.dataset.validated:
            known = judged.target < len(self._job.labels) if self._job.labels else np.ones(len(judged), np.bool_)
            watched = np.flatnonzero(known)
            if len(watched):
                return learnt, judged, watched
        back = self._chance(_OF_SPLIT).random(len(learnt)) < HELD_BACK
        if back.any() and not back.all():
            return learnt[~back], self._job.learnt, learnt[back]
        return learnt, self._job.learnt, learnt  # of a handful of rows none can be spared

    def _chance(self, *numbers: int) -> np.random.Generator:
        """Return the generator for one purpose, the same whatever was drawn before."""
        return np.random.default_rng([self._values["seed"], *numbers])

    def _go_on(self) -> None:
        """Take up the latest state that was kept."""
        if content := self._job.checkpoints.load("state"):
            with torch.no_grad():
                self._state.unpack(content)
            sys.stdout.write(f"Goes on from a checkpoint of epoch {self._state.epoch + 1:,}.\n")

    def _keep(self) -> None:
        state, checkpoints = self._state, self._job.checkpoints
        if checkpoints.due:
            checkpoints.save("state", state.packed())
        done = state.epoch + state.batch / self._batches
        self._job.progress(min(1.0, done / self._values["epochs"]))


def _parts(rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    return (rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE))


def _seed(chance: np.random.Generator) -> int:
    return int(chance.integers(2**63))
