"""The two models that are judged, and on which rows they may be compared."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tabular.errors import TabularError
from tabular.evaluating.predictions import Predictions, predict, read_predictions
from tabular.evaluating.server import Server
from tabular.rowhash import row_hashes
from tabular.settings import Settings
from tabular.table import Table

ALL_THE_SAME = "deploy one model without gate.versus_champion"
FEWEST_ROWS = 30  # with fewer, an interval of resamples says nothing


@dataclass(frozen=True)
class Contenders:
    """What both models say of the test rows; `why_alone` says why there is no champion to compare with."""

    challenger: Predictions
    champion: Predictions | None
    why_alone: str


def contenders(arguments: Namespace, table: Table, settings: Settings) -> Contenders:
    """Have both models predict the rows, starting them together.

    Raises:
        TabularError: the challenger cannot be served, or refuses the rows. A champion that does is no error.
    """
    with ExitStack() as stack:
        server = stack.enter_context(Server(arguments.model, "The model"))
        try:
            other = _server(stack, arguments.champion_model)
            why = "there is no champion"
        except TabularError as error:
            other, why = None, f"{str(error).rstrip('.')}; {ALL_THE_SAME}"
        challenger = predict(server, table, settings)
        try:
            champion = predict(other, table, settings) if other else _scored(arguments.champion_predictions, table)
        except TabularError as error:
            champion, why = None, f"the champion could not be scored: {str(error).rstrip('.')}; {ALL_THE_SAME}"
    return Contenders(challenger, champion, "" if champion else why)


def unseen_rows(table: Table, *seen: Iterable[int]) -> NDArray[np.intp]:
    """Return the indices of the test rows whose hash is none of the rows that a model has learnt from."""
    hashes = {value for hashes in seen for value in hashes}
    return np.array([row for row, value in enumerate(row_hashes(table)) if value not in hashes], np.intp)


def _server(stack: ExitStack, folder: Path | None) -> Server | None:
    return stack.enter_context(Server(folder, "The champion")) if folder else None


def _scored(folder: Path | None, table: Table) -> Predictions | None:
    if folder is None:
        return None
    predictions = read_predictions(folder)
    if len(predictions.texts) != len(table.rows):
        raise TabularError(f"it has {len(predictions.texts):,} predictions for {len(table.rows):,} rows")
    return predictions
