"""How the hyperparameters of the next training job are chosen.

https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-how-it-works.html
"""

import itertools
import random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from penstock.local.services.sagemaker.jobs.tuning.ranges import Categorical, Numeric, Range

_RANDOM_FIRST = 4  # training jobs that a Bayesian search begins with, to have something to learn from


class Search(ABC):
    """One search; what it is told is lower the better."""

    def __init__(self, ranges: Sequence[Range], seed: int | None) -> None:
        self.ranges = list(ranges)
        self.seed = seed

    @abstractmethod
    def ask(self) -> dict[str, str] | None:
        """Return the values for the next training job, or None when all have been tried."""

    def tell(self, number: int, objective: float | None) -> None:  # noqa: B027  most have nothing to learn
        """Take in what became of the training job of a number, from 1; None if it has no objective."""

    def learn(self, values: Mapping[str, str], objective: float) -> None:  # noqa: B027
        """Take in what another tuning job has found."""


class RandomSearch(Search):
    """Values that are evenly spread on their scales, each chosen without regard to the others."""

    def __init__(self, ranges: Sequence[Range], seed: int | None) -> None:
        super().__init__(ranges, seed)
        self._random = random.Random(seed)  # noqa: S311  no secret

    def ask(self) -> dict[str, str]:
        """Return the next values."""
        return {
            one.name: one.at(self._random.random()) if isinstance(one, Numeric) else self._random.choice(one.values)
            for one in self.ranges
        }


class GridSearch(Search):
    """Every combination of values, once."""

    def __init__(self, ranges: Sequence[Range], seed: int | None) -> None:
        super().__init__(ranges, seed)
        choices = [one.values for one in self.ranges if isinstance(one, Categorical)]
        self._left = itertools.product(*choices)

    def ask(self) -> dict[str, str] | None:
        """Return the next combination."""
        values = next(self._left, None)
        return None if values is None else {one.name: value for one, value in zip(self.ranges, values, strict=True)}


class BayesianSearch(Search):
    """Optuna's tree-structured Parzen estimator, on the ranges' own scales; others that run count as poor results."""

    def __init__(self, ranges: Sequence[Range], seed: int | None) -> None:
        import optuna  # noqa: PLC0415  half a second, which only Bayesian tuning jobs need to wait for

        super().__init__(ranges, seed)
        self._optuna = optuna
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=_RANDOM_FIRST, constant_liar=True)
        self._study = optuna.create_study(direction="minimize", sampler=sampler)
        self._space: dict[str, optuna.distributions.BaseDistribution] = {
            one.name: optuna.distributions.FloatDistribution(0, 1)
            if isinstance(one, Numeric)
            else optuna.distributions.CategoricalDistribution(one.values)
            for one in self.ranges
        }
        self._trials: list[optuna.Trial] = []

    def ask(self) -> dict[str, str]:
        """Return the values that promise most."""
        trial = self._study.ask(self._space)
        self._trials.append(trial)
        return {
            one.name: one.at(trial.params[one.name]) if isinstance(one, Numeric) else str(trial.params[one.name])
            for one in self.ranges
        }

    def tell(self, number: int, objective: float | None) -> None:
        """Learn from a training job."""
        trial = self._trials[number - 1]
        if objective is None:
            self._study.tell(trial, state=self._optuna.trial.TrialState.FAIL)
        else:
            self._study.tell(trial, objective)

    def learn(self, values: Mapping[str, str], objective: float) -> None:
        """Learn from a training job of another tuning job, if its values are in the ranges."""
        params: dict[str, Any] = {
            one.name: one.share(values.get(one.name, ""))
            if isinstance(one, Numeric)
            else next((value for value in one.values if value == values.get(one.name)), None)
            for one in self.ranges
        }
        if None not in params.values():
            trial = self._optuna.trial.create_trial(params=params, distributions=self._space, value=objective)
            self._study.add_trial(trial)


# Hyperband chooses at random, and stops early what does badly.
SEARCHES: Mapping[str, type[Search]] = {
    "Bayesian": BayesianSearch,
    "Random": RandomSearch,
    "Grid": GridSearch,
    "Hyperband": RandomSearch,
}
