"""Boost round by round, to the same model however often the job is interrupted."""

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from boosting import checkpoints
from boosting.library import Booster, CallbackEnv, Dataset, EarlyStopException, train
from runtime.training import Job

DRAWING = ("feature_fraction", "feature_fraction_bynode")


def boost(job: Job, parameters: Mapping[str, Any], learnt: Dataset, watched: Dataset | None) -> tuple[Booster, int]:
    """Return the model, and how many of its rounds count; early stopping looks at the `watched` rows."""
    total, kept = job.values["num_iterations"], checkpoints.kept(job.checkpoints)
    before = kept.booster()
    if before is not None:
        sys.stdout.write(f"Goes on from a checkpoint of {kept.number:,} of {total:,} rounds.\n")
    after = _After(job, total, kept, job.values["early_stopping_round"])
    if before is not None and after.ended:
        return before, after.best
    # What it returns was written and read again: LightGBM then writes a tree of one leaf in another way.
    booster = train(
        dict(parameters),
        learnt,
        total - kept.number,
        valid_sets=None if watched is None else [watched],
        init_model=before,
        callbacks=[after, *([_Before(job)] if any(job.values[name] < 1 for name in DRAWING) else [])],
    )
    return booster, after.best


class _Before:
    """Lets each round draw its columns by its own number, and not by what the rounds before it drew."""

    before_iteration = True

    def __init__(self, job: Job) -> None:
        self._seed = job.values["seed"]

    def __call__(self, state: CallbackEnv) -> None:
        drawn = np.random.SeedSequence([self._seed, state.iteration]).generate_state(1)
        state.model.reset_parameter({"feature_fraction_seed": int(drawn[0] >> 1)})


class _After:
    """Keeps what there is, tells how far it is, and ends when no round helps any more."""

    def __init__(self, job: Job, total: int, kept: checkpoints.Rounds, patience: int | None) -> None:
        self._job, self._total, self._patience = job, total, patience
        self._number = self._saved = kept.number
        self._losses = kept.losses

    @property
    def best(self) -> int:
        """How many rounds count: with early stopping those up to the best, otherwise all."""
        return int(np.argmin(self._losses)) + 1 if self._patience else self._number

    @property
    def ended(self) -> bool:
        """Whether there is no further round."""
        return self._number == self._total or (
            self._patience is not None and self._number - self.best >= self._patience
        )

    def __call__(self, state: CallbackEnv) -> None:
        booster = state.model
        if booster.current_iteration() == self._number:  # no leaf could be split: LightGBM, too, takes that for the end
            raise EarlyStopException(self.best - 1, [])
        self._number += 1
        self._losses += [result.metric_value for result in state.evaluation_result_list or []]
        if self._job.checkpoints.due:
            checkpoints.save(self._job.checkpoints, booster, self._number, self._saved, self._losses)
            self._saved = self._number
        self._job.progress(1 if self.ended else self._number / self._total)
        if self.ended:
            raise EarlyStopException(self.best - 1, [])
