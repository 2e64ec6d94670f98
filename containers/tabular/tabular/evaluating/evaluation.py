"""`evaluation.json`: SageMaker's model-quality format, and beside it what the gate and the report read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tabular.errors import TabularError, counted
from tabular.evaluating import curves
from tabular.evaluating.bootstrap import Bootstrap, compare, deviations
from tabular.evaluating.contenders import ALL_THE_SAME, FEWEST_ROWS, Contenders
from tabular.evaluating.judging import judge
from tabular.evaluating.measured import Measured, once
from tabular.settings import Settings
from tabular.table import Table


@dataclass(frozen=True)
class Champion:
    """The run that made the champion, and the indices of the test rows that neither model learnt from, if known."""

    run: str
    unseen: NDArray[np.intp] | None


def evaluate(table: Table, both: Contenders, champion: Champion, settings: Settings) -> dict[str, Any]:
    """Measure the challenger on all test rows, and compare it with the champion on those that neither learnt from.

    Raises:
        TabularError: the challenger's predictions are none of the problem's kind.
    """
    challenger = judge(table, both.challenger, settings)
    metrics, spread = once(challenger), deviations(challenger, _bootstrap(settings))
    values = {name: {"value": value, "standard_deviation": spread[name]} for name, value in metrics.items()}
    name, section = challenger.section(values)
    ours = {
        "rows": challenger.rows,
        "metrics": metrics,
        "standard_deviations": spread,
        "score_threshold": _threshold(both, challenger, settings),
    }
    beside = _beside(table, both, champion, challenger, settings)
    document: dict[str, Any] = finite({"version": 0.0, name: section, "penstock": {**ours, **beside}})
    return document


def _bootstrap(settings: Settings) -> Bootstrap:
    return Bootstrap(
        int(settings.evaluate.get("resamples", Bootstrap.resamples)),
        float(settings.evaluate.get("confidence", Bootstrap.confidence)),
    )


def _beside(
    table: Table, both: Contenders, champion: Champion, challenger: Measured, settings: Settings
) -> dict[str, Any]:
    alone = {"champion": None, "comparison": None}
    if both.champion is None:
        return {**alone, "not_compared": both.why_alone}
    if champion.unseen is None:
        why = f"it is not known which rows the champion learnt from; {ALL_THE_SAME}"
        return {**alone, "not_compared": why}
    if len(champion.unseen) < FEWEST_ROWS:
        rows = counted(len(champion.unseen), "test row")
        return {**alone, "not_compared": f"only {rows} new to both models, and a comparison takes {FEWEST_ROWS}"}
    try:
        other = judge(table, both.champion, settings).part(champion.unseen)
    except TabularError as error:
        return {**alone, "not_compared": f"the champion could not be judged: {str(error).rstrip('.')}; {ALL_THE_SAME}"}
    return {
        "champion": {"run": champion.run, "rows": other.rows, "metrics": once(other)},
        "comparison": compare(other, challenger.part(champion.unseen), _bootstrap(settings)),
        "not_compared": "",
    }


def _threshold(both: Contenders, challenger: Measured, settings: Settings) -> dict[str, float] | None:
    """Return the score that flags the wanted share of rows, and what it would mean here; None if none is wanted."""
    rate = settings.evaluate.get("positive_rate")
    if rate is None or both.challenger.scores is None:
        return None
    scores = np.array(both.challenger.scores)
    threshold = curves.threshold(scores, float(rate))
    flagged = scores >= threshold
    truth = challenger.truth  # type: ignore[attr-defined]  # only binary problems have scores
    hits = int((truth & flagged).sum())
    return {
        "threshold": threshold,
        "wanted_positive_rate": float(rate),
        "positive_rate": float(flagged.mean()),
        "precision": hits / max(int(flagged.sum()), 1),
        "recall": hits / max(int(truth.sum()), 1),
    }


def finite(value: Any) -> Any:
    """Return a document with null for every number that JSON cannot hold."""
    if isinstance(value, dict):
        return {key: finite(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
