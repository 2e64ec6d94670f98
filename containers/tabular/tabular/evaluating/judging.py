"""The rows of the test part with what a model says of them, as the problem's kind reads both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tabular.errors import TabularError, listed, quoted
from tabular.evaluating.anomaly import Anomaly, anomaly_threshold
from tabular.evaluating.binary import Binary
from tabular.evaluating.clustering import Clustering
from tabular.evaluating.features import coordinates
from tabular.evaluating.measured import Measured
from tabular.evaluating.multiclass import Multiclass
from tabular.evaluating.predictions import Predictions
from tabular.evaluating.regression import Regression
from tabular.settings import Settings
from tabular.table import Table

BINARY = 2


def judge(table: Table, predictions: Predictions, settings: Settings) -> Measured:
    """Put truth and predictions side by side.

    Raises:
        TabularError: a cell of the target, or a prediction, is none of the problem's kind.
    """
    return _KINDS[settings.problem](table, predictions, settings)


def _regression(table: Table, predictions: Predictions, settings: Settings) -> Measured:
    truth = _numbers(table.column(settings.target), f"The target {quoted(settings.target)}")
    return Regression(truth, _numbers(predictions.texts, "The model's answer"))


def _binary(table: Table, predictions: Predictions, settings: Settings) -> Measured:
    truth = table.column(settings.target)
    labels = sorted(set(truth))
    if len(labels) != BINARY:
        raise TabularError(f"The test rows have the labels {listed(labels)}; a binary problem is judged by 2.")
    if others := sorted(set(predictions.texts) - set(labels)):
        raise TabularError(f"The model answered {listed(others)}, and the labels are {listed(labels)}.")
    positive = labels[1]  # the last of the two in the order of their characters, as the containers that train have it
    scores = None if predictions.scores is None else np.array(predictions.scores)
    flags = [np.array([text == positive for text in texts]) for texts in (truth, predictions.texts)]
    return Binary(flags[0], flags[1], scores, (labels[0], positive))


def _multiclass(table: Table, predictions: Predictions, settings: Settings) -> Measured:
    truth = table.column(settings.target)
    labels = tuple(sorted({*truth, *predictions.texts}))
    places = {label: place for place, label in enumerate(labels)}
    codes = [np.array([places[text] for text in texts]) for texts in (truth, predictions.texts)]
    return Multiclass(codes[0], codes[1], labels)


def _clustering(table: Table, predictions: Predictions, settings: Settings) -> Measured:
    clusters = np.unique(predictions.texts, return_inverse=True)[1]
    labels = None
    if settings.target in table.names:
        truth = table.column(settings.target)
        places = {label: place for place, label in enumerate(sorted({*truth} - {""}))}
        labels = np.array([places.get(text, -1) for text in truth])
    return Clustering(coordinates(table, settings), clusters, labels)


def _anomaly(table: Table, predictions: Predictions, settings: Settings) -> Measured:
    scores = _numbers(predictions.texts, "The model's answer")
    if len(odd := np.flatnonzero(~np.isfinite(scores))):  # it would be flagged, or not, by no comparison
        answer = quoted(predictions.texts[odd[0]])
        raise TabularError(f"The model's answer to row {odd[0] + 1:,} is no finite number: {answer}.")
    truth = table.column(settings.target) if settings.target in table.names else [""] * len(scores)
    labels = sorted({*truth} - {""})
    if len(labels) > BINARY:
        raise TabularError(f"The labels of anomalies are 2, not {listed(labels)}: the last of them is the anomaly.")
    anomalous = labels[1] if len(labels) == BINARY else None
    known = np.array([text != "" for text in truth])
    flags = np.array([text == anomalous for text in truth])
    return Anomaly(scores, anomaly_threshold(scores, settings.evaluate.get("positive_rate")), known, flags)


def _numbers(texts: Sequence[str], what: str) -> NDArray[np.float64]:
    try:
        return np.array([float(text) for text in texts])
    except ValueError as error:
        raise TabularError(f"{what} is no number: {error}.") from error


_KINDS = {
    "regression": _regression,
    "binary": _binary,
    "multiclass": _multiclass,
    "clustering": _clustering,
    "anomaly": _anomaly,
}
